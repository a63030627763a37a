"""Who issues sanctions: the state, union or body that words mean, once we know that they name an issuer.

Inside such words even `Council`, `the 27` or `Rubio` say enough, which would be wrong to look for in a
whole text. A body without a state (`the ministry`) stays without: the article's other sentences may know.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from processors.events.lexicon import Lexicon
from processors.events.places import body_name, entity_name
from processors.folding import fold
from processors.names.cities import state_of_capital
from processors.sanctions.parties import Role
from schemas.article import Party


def issuer(text: str, roles: list[Role], language: str) -> Party:
    """The party that the words of an issuer mean; `roles` are the places found in them."""
    known = next((role for role in roles if role.entity and role.place.role), None)
    known = known or next((role for role in roles if role.entity), None)
    if known and known.entity:
        role = known.place.role
        name = body_name(role, known.entity) if role else entity_name(known.entity)
        return Party(text=text, name=name, entity=known.entity)
    if entity := _listed(text, language) or state_of_capital(text, language):
        return Party(text=text, name=issuer_name(entity), entity=entity)
    body = next((role.place.role for role in roles if role.place.role), None)
    return Party(text=text, name=body_name(body, None) if body else None)


def _listed(text: str, language: str) -> str | None:
    """The entity of the longest entry in the text; of equals, the first."""
    hits = _lexicon(language).find(fold(text))
    return max(hits, key=lambda hit: (hit.end - hit.start, -hit.start)).tag if hits else None


def issuer_name(entity: str) -> str:
    """The English name of a state, union or body that issues sanctions; its id where none is known."""
    return str(_table().get(entity, {}).get("name") or entity_name(entity))


@cache
def _lexicon(language: str) -> Lexicon:
    rows = {entity: str(row.get(language, "")) for entity, row in _table().items()}
    return Lexicon({entity: [word.strip() for word in words.split(",")] for entity, words in rows.items()})


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = (resources.files(__package__) / "lexicon" / "issuers.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return table
