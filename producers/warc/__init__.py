"""Articles from web archives (WARC files), such as Common Crawl's news archive ships."""

from producers.positions import Positions, archive_identity
from producers.warc.loading import Loaded, Loader
from producers.warc.source import Source

__all__ = ["Loaded", "Loader", "Positions", "Source", "archive_identity"]
