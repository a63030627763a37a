"""Which agency an article came from: source lines, datelines, closing credits.

An agency in `agencies.toml` is known by any of its names and given ours. One that is not is believed only
where the place is an agency's ("OSLO (Northern Press) -", "Source: Northern Press"), and given as written;
the page's own name there is none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from processors.boilerplate.cues import normal, phrase_kinds

DATELINE_CHARACTERS = 110
CREDIT_CHARACTERS = 60
NAME_WORDS_MAX = 4
NAME_CHARACTERS_MAX = 40
_AGENCY_WORDS_MAX = 4
BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]{2,40})[)）\]】]")
_PARTS = re.compile(r"[/،,+&|]|\s[-–—]\s")
_DASH = re.compile(r"\s[-–—]{1,2}\s|[:：]\s|[-–—=]")
_DATELINE = re.compile(r"[^()（）.!?]{2,40}[(（]([^()（）=]{2,40})[)）]\s{0,2}\.?[-–—=:]")
_KOREAN_DATELINE = re.compile(r"[(（\[][^()=]{1,12}=([^()=]{2,20})[)）\]]")
_WHOLE_BRACKETED = re.compile(r"[(（]([^()（）]{3,40})[)）][.]?")
_GAP = re.compile(r"\s{2,}")
_HAN_NAME = re.compile("[\u4e00-\u9fff]{3,}")


@cache
def tables() -> dict[str, dict[str, list[str]]]:
    """Names, desks and picture credits as `agencies.toml` has them."""
    return tomllib.loads((Path(__file__).parent / "agencies.toml").read_text(encoding="utf-8"))


@cache
def agencies() -> dict[str, str]:
    """Our name of each agency by every form of it."""
    names = tables()["agencies"]
    return {form: name for name, forms in names.items() for each in forms for form in (normal(each), each)}


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(normal(word) for word in tables()["desks"][table])


def is_desk(name: str) -> bool:
    """Whether a name is a part of the paper ("News desk", "قسم الشؤون الدولية") rather than a person."""
    words = f" {normal(name)} "
    return any(f" {desk} " in words for desk in _words("words"))


def agency_in(phrase: str) -> str | None:
    """The agency that the phrase is, or that stands among its slash- or comma-separated parts."""
    for part in _PARTS.split(phrase):
        name = agencies().get(normal(part)) or agencies().get(part.strip().casefold())
        if name:
            return name
    return None


def agency_of(
    body: Sequence[str], credit_lines: Sequence[str] = (), furniture: Sequence[str] = ()
) -> str | None:
    """The agency behind an article, `None` where none is named.

    `credit_lines` name a source, or stand right below the article; `furniture` the rest of the
    page, where the name of the paper itself is found. A known agency is looked for in the credits, in a
    dateline of the first two body lines ("SEOUL (Reuters) —", "МОСКВА, 3 мая — РИА Новости.",
    "新华社北京电"), then in a credit that closes the last line; next one that nobody knows, in the same
    places.
    """
    known = [agency_in(part) for line in credit_lines for part in (line, _value(line), *_named(line))]
    known += [_dateline_agency(line[:DATELINE_CHARACTERS]) for line in body[:2]]
    known += [_closing_agency(body[-1][-CREDIT_CHARACTERS:])] if body else []
    found = next(filter(None, known), None)
    return found or next(_unknown(body, credit_lines, normal("\n".join(furniture))), None)


def _value(line: str) -> str:
    """What a line says after its label ("Source: …"), up to a gap."""
    return _GAP.split(re.split("[:：]", line, maxsplit=1)[-1].strip(), maxsplit=1)[0]


def _named(line: str) -> list[str]:
    """Names in a credit: "(Northern Press)", "The Paper with Northern Press", "The Paper + agencies"."""
    whole = _WHOLE_BRACKETED.fullmatch(line.strip())
    words = (whole[1] if whole else _value(line)).split()
    names, name = [], list[str]()
    for word in words:
        if normal(word) in _words("with") or word in {"+", "/", "&"}:
            names.append(" ".join(name))
            name = []
        else:
            name.append(word)
    return [each for each in (*names, " ".join(name)) if each]


def _unknown(body: Sequence[str], credit_lines: Sequence[str], furniture: str) -> Iterator[str]:
    """Names in an agency's place that are neither the paper's, a desk's, nor a sentence."""
    datelines = [_DATELINE.match(line) or _KOREAN_DATELINE.match(line) for line in body[:1]]
    names = [match[1] for match in datelines if match]
    names += [name for line in credit_lines for name in _named(line)]
    for name in names:
        key = normal(name)
        if (
            key
            and key not in furniture
            and _is_name(name)
            and not is_desk(name)
            and key not in _words("agencies")
        ):
            yield name.strip()


def _is_name(name: str) -> bool:
    words = name.split()
    cased = any(letter.islower() or letter.isupper() for letter in name)
    return (
        not phrase_kinds(name)
        and 1 <= len(words) <= NAME_WORDS_MAX
        and len(name) <= NAME_CHARACTERS_MAX
        and not any(letter.isdecimal() or letter in "@.!?؟。:#<>|•" for letter in name)
        and (not cased or (words[0][0].isupper() and words[-1][0].isupper()))
    )


def _dateline_agency(opening: str) -> str | None:
    for bracketed in BRACKETED.finditer(opening):
        for part in re.split("[=/]", bracketed[1]):
            if name := agency_in(part):
                return name
    parts = _DASH.split(opening)
    for part in parts[:-1][:3]:
        if name := agency_in(part.split(".")[0]) or _agency_at_end(part):
            return name
    if len(parts) > 1 and (name := agency_in(parts[1].split(".")[0])):
        return name
    return next((name for form, name in _han_agencies().items() if opening.startswith(form)), None)


def _agency_at_end(words: str) -> str | None:
    last = words.split()
    return next(
        (
            name
            for count in range(1, min(_AGENCY_WORDS_MAX, len(last)) + 1)
            if (name := agency_in(" ".join(last[-count:]))) and len(last) <= 8
        ),
        None,
    )


def _closing_agency(closing: str) -> str | None:
    bracketed = [found for found in BRACKETED.finditer(closing) if not closing[found.end() :].strip(" .。")]
    return agency_in(bracketed[-1][1]) if bracketed else None


@cache
def _han_agencies() -> dict[str, str]:
    """Those of the known agencies' forms that are written in Han, which needs no sign after them."""
    return {form: name for form, name in agencies().items() if _HAN_NAME.fullmatch(form)}
