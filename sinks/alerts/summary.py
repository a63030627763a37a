"""A sanction in a few words: who did what upon whom."""

from __future__ import annotations

from sinks.alerts.wording import isolated, say
from sinks.elasticsearch.documents import Document

CHARACTERS_MAX = 120
_TARGET_CHARACTERS_MAX = 60
_NAME_CHARACTERS_MAX = 30
_ISSUERS_MAX = 2
_NAMED_MAX = 2
_ONE = {
    "1 individuals": "1 individual",
    "1 entities": "1 entity",
    "1 vessels": "1 vessel",
    "1 individuals and entities": "1 individual or entity",
}
_DONE = {
    "imposed": ("imposes sanctions", "Sanctions imposed"),
    "lifted": ("lifts sanctions", "Sanctions lifted"),
    "extended": ("extends sanctions", "Sanctions extended"),
    "threatened_or_called_for": ("may impose sanctions", "Sanctions threatened or called for"),
    "evasion_or_enforcement": ("enforces sanctions", "Sanctions evaded or enforced"),
    "background": ("sanctions mentioned", "Sanctions mentioned"),
}


def summary(document: Document) -> str:
    """`South Korea imposes sanctions on 4 individuals and 2 entities`, at most `CHARACTERS_MAX` long.

    Numbers stand for the targets, and who is named stands beside them; where there are none, the first
    target, somebody named above all.
    """
    issuers = _listed(list(document.get("issuers", [])), _ISSUERS_MAX)
    by_issuer, alone = _DONE.get(document["act"], _DONE["background"])
    counts = [_ONE.get(count, count) for count in document.get("counts", [])]
    done = f"{issuers} {_agreeing(by_issuer, document)}" if issuers else alone
    if counts:
        return _with_names(f"{done} on {_listed(counts)}", document)
    upon = _first(_targets(document))
    return _cut(f"{done} on {upon}" if upon else done, CHARACTERS_MAX)


def labelled(document: Document, language: str) -> str:
    """The same for a reader of another language, as labels: `Sanktionen verhängt: Canada – Personen: 4`.

    Names stand as the article or our gazetteers have them, set apart from the words around them.
    """
    issuers = ", ".join(isolated(name) for name in document.get("issuers", [])[:_ISSUERS_MAX])
    counts = ", ".join(_counted(count, language) for count in document.get("counts", []))
    targets = document.get("named", [])[:_NAMED_MAX] if counts else _targets(document)[:1]
    upon = [isolated(_cut(target, _TARGET_CHARACTERS_MAX)) for target in targets]
    parts = " – ".join(part for part in (issuers, counts, ", ".join(upon)) if part)
    act = say(document["act"], language)
    return f"{act}: {parts}" if parts else act


def _targets(document: Document) -> list[str]:
    """Who is named first."""
    return list(dict.fromkeys([*document.get("named", []), *document.get("targets", [])]))


def _with_names(told: str, document: Document) -> str:
    """`… on 3 entities (named: Karim Haddad)`: whether the named are of those counted, or beside them, is
    open. As many as there is room for.
    """
    names = [isolated(_cut(name, _NAME_CHARACTERS_MAX)) for name in document.get("named", [])]
    for most in range(min(len(names), _NAMED_MAX), 0, -1):
        longer = f"{told} (named: {_listed(names, most)})"
        if len(longer) <= CHARACTERS_MAX:
            return longer
    return _cut(told, CHARACTERS_MAX)


def _counted(count: str, language: str) -> str:
    number, _, of = count.partition(" ")
    return number if of == "unknown" else f"{say(of, language)}: {number}"


def _agreeing(verb: str, document: Document) -> str:
    """`imposes`, but `the US and Canada impose`."""
    first, _, rest = verb.partition(" ")
    several = len(document.get("issuers", [])) > 1 and first.endswith("s") and first != "sanctions"
    return f"{first.removesuffix('s')} {rest}" if several else verb


def _listed(names: list[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and c`; beyond `most`, `a, b and 3 more`."""
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _first(names: list[str]) -> str:
    shown = [_cut(names[0], _TARGET_CHARACTERS_MAX)] if names else []
    return _listed([*shown, f"{len(names) - 1} more"] if len(names) > 1 else shown)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
