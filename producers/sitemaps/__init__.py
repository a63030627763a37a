"""What a site says it has published: its sitemaps, and what in them is new."""

from producers.sitemaps.news import Chosen, choose
from producers.sitemaps.read import Entry, News, Sitemap, SitemapError, read_sitemap
from producers.sitemaps.walk import Walk, walk

__all__ = [
    "Chosen",
    "Entry",
    "News",
    "Sitemap",
    "SitemapError",
    "Walk",
    "choose",
    "read_sitemap",
    "walk",
]
