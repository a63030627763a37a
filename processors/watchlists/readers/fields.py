"""Lists of one's own, in CSV or YAML: which column or key means what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from processors.folding import fold
from processors.watchlists.draft import Draft

Value = str | list[str]
_SEVERAL = re.compile(r"[;|\n]")
_MEANINGS = {
    "name": ("name", "caption"),
    "aliases": ("aliases", "alias", "aka", "other_names", "names", "original_names", "native_names"),
    "weak_aliases": ("weak_aliases", "weak_alias", "weak_aka", "nicknames"),
    "kind": ("type", "kind", "schema"),
    "countries": ("countries", "country", "nationality", "citizenship", "flag"),
    "programmes": ("programmes", "programme", "programs", "program", "program_ids", "regime"),
    "birth_dates": ("birth_dates", "birth_date", "date_of_birth", "dob", "born"),
    "entry_id": ("id", "entry_id", "number", "reference"),
    "wikidata": ("wikidata", "wikidata_id", "qid"),
    "imo": ("imo", "imo_number"),
    "listed_on": ("listed_on", "listed", "listing_date"),
    "topics": ("topics", "topic"),
}
_SINGLE = frozenset({"name", "kind", "entry_id", "wikidata", "imo", "listed_on"})
MEANING = {column: meaning for meaning, columns in _MEANINGS.items() for column in columns}
KNOWN = ", ".join(columns[0] for columns in _MEANINGS.values())


def column(header: str) -> str:
    """`birth_date` for `Birth date`."""
    return fold(header).strip().replace(" ", "_").replace("-", "_")


def draft_of(fields: Mapping[str, Value], place: str) -> Draft:
    """The draft that the known fields make; values of one cell are parted by `;`, `|` or a line's end.

    Without an id it is given one from its name and type, so that it stays the same from import to import.
    """
    draft = Draft(place=place)
    for header, value in fields.items():
        meaning = MEANING.get(column(header))
        if meaning in _SINGLE:
            setattr(draft, meaning, value if isinstance(value, str) else " ".join(value))
        elif meaning is not None:
            getattr(draft, meaning).extend(_values(value))
    if not draft.entry_id.strip() and draft.name.strip():
        digest = blake2b(f"{fold(draft.name)}|{draft.kind}".encode("utf-8", "replace"), digest_size=6)
        draft.entry_id = f"n{digest.hexdigest()}"
    return draft


def unknown(headers: Iterable[str]) -> list[str]:
    """The columns that mean nothing here."""
    return [header for header in headers if column(header) not in MEANING and header.strip()]


def _values(value: Value) -> list[str]:
    parts = value if isinstance(value, list) else _SEVERAL.split(value)
    return [part.strip() for part in parts if part.strip()]
