"""The one way out to the web: polite, bounded, and never into a private network."""

from producers.fetching.exchange import FetchError, Request, Response
from producers.fetching.fetcher import Fetcher
from producers.fetching.options import FetchingOptions
from producers.fetching.retry_after import retry_after_seconds

__all__ = ["FetchError", "Fetcher", "FetchingOptions", "Request", "Response", "retry_after_seconds"]
