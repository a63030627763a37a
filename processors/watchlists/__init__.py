"""Watchlists: who of those an article names stands on a list of sanctions or of one's own."""

from processors.watchlists.annotate import annotate
from processors.watchlists.context import Context, Named
from processors.watchlists.entry import Alias, Entry
from processors.watchlists.faults import Fault, ListError
from processors.watchlists.store import Store
from processors.watchlists.watchlists import Watchlists

__all__ = ["Alias", "Context", "Entry", "Fault", "ListError", "Named", "Store", "Watchlists", "annotate"]
