"""The parsers that are fuzzed, by name, and the module each target is in."""

from __future__ import annotations

from importlib import import_module

from tests.fuzz.target import Target

_MODULES = {
    "records": ("wire",),
    "inputs": ("json-lines", "files"),
    "feeds": ("feed", "feed-broken", "feed-json", "opml", "discovery", "teaser"),
    "sitemaps": ("sitemap",),
    "fetching": ("robots", "content-encoding", "charset", "headers"),
    "pages": ("html", "page"),
    "archives": ("warc",),
    "watchlists": (
        "watchlist-ftm", "watchlist-ofac-xml", "watchlist-ofac-advanced", "watchlist-ofac-csv", "watchlist-un",
        "watchlist-eu", "watchlist-csv", "watchlist-yaml",
    ),
    "texts": ("text", "dates", "enrich", "enrich-model"),
    "alerts": ("rules", "channels", "silences"),
    "desk": ("query", "desk-parameters"),
    "addresses": ("url",),
    "configuration": ("settings",),
    "serving": ("websub", "callback", "push", "http-head"),
}  # fmt: skip
TARGETS: dict[str, str] = {name: module for module, names in _MODULES.items() for name in names}


def load(name: str) -> Target:
    """The target of a name. Its module loads its parser and no other."""
    module = TARGETS.get(name, "broken")
    targets: tuple[Target, ...] = import_module(f"tests.fuzz.targets.{module}").TARGETS
    return next(target for target in targets if target.name == name)
