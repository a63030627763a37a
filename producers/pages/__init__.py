"""From the address of a page to its article: fetched, decoded, known by its canonical address."""

from producers.pages.crawl import Crawled, Failure, crawl
from producers.pages.ledger import Delivered, Known, Ledger
from producers.pages.page import Hints, Page, PageError, fetch_page
from producers.pages.teaser import suffices

__all__ = [
    "Crawled",
    "Delivered",
    "Failure",
    "Hints",
    "Known",
    "Ledger",
    "Page",
    "PageError",
    "crawl",
    "fetch_page",
    "suffices",
]
