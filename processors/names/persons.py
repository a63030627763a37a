"""People we have no entry for: a title before a name, a name before a title, a given name with another.

Each script has its own shape of a name. Where nothing but a guess is left, there is no mention.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from processors.folding import Folded, fold
from processors.names.catalogue import words
from processors.names.compose import Found
from processors.names.gazetteer import Hit, only
from processors.names.inflection import russian_noun

_QUOTES = "\"'“”«»„‘’「『"
_BRIDGE = re.compile(
    r"[ ,،]{0,2}"
    r"(?:(?:of the|of|de la|de l'|du|des|del|de|der|des|d'|и|в|for|في|در) ?)?(?:the |la |el |le )?"
)
_GAP = re.compile(r"[ ,،]{1,2}")
_IN_QUOTES = re.compile(rf"[{_QUOTES}]([^{_QUOTES}\n.,،: ][^{_QUOTES}\n.,،:]{{2,40}})[{_QUOTES}]")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?\.?")
_PARTICLES = frozenset(
    [
        *("de", "da", "di", "del", "della", "der", "den", "van", "von", "zu", "la", "le", "dos", "du"),
        *("bin", "ben", "ibn", "bint", "al", "el"),
    ]
)
_NAME_WORDS_MAX = 4
_BRIDGES_MAX = 3
_TITLED = 0.75
_GIVEN = 0.7
_CASED = frozenset({"ru", "tr", "en", "fr", "es", "de"})
_HAN = r"(?:(?![和与及])[\u4e00-\u9fff]){1,7}"
_HAN_NAME = re.compile(f"{_HAN}(?:·{_HAN}){{1,3}}")
_ARABIC_WORD = re.compile(r"[\u0620-\u06ff]{2,}")
_HANGUL_TOKEN = re.compile(r"[가-힣]+")


def people(folded: Folded, original: str, hits: list[Hit], language: str) -> list[Found]:
    """People told by the words around them, in the languages that have a rule."""
    if language in _CASED:
        return _cased(folded, original, hits, language)
    if language in {"ar", "fa"}:
        return _arabic_script(folded.text, hits, language)
    if language == "zh":
        return _chinese(folded.text, hits)
    if language == "ko":
        return _korean(folded.text, hits)
    return []


def _cased(folded: Folded, original: str, hits: list[Hit], language: str) -> list[Found]:
    text = folded.text
    barred = _barred(hits)
    found = []
    for start, title in _after_titles(text, hits):
        end = _cased_name(folded, original, start, barred)
        if end > start and (" " in text[start:end] or title in _folded(language, "alone")):
            found.append(Found(start, end, "PER", _TITLED))
    given = given_names(language)
    for match in _TOKEN.finditer(text):
        if match.group() in given and _is_capital(folded, original, match.start()):
            end = _cased_name(folded, original, match.start(), barred)
            if " " in text[match.start() : end]:
                found.append(Found(match.start(), end, "PER", _GIVEN))
    return found


def _cased_name(folded: Folded, original: str, start: int, barred: dict[int, int]) -> int:
    """Where a run of capitalised words that begins at `start` ends; `start` where there is none."""
    text, end, pos, count = folded.text, start, start, 0
    while count < _NAME_WORDS_MAX and pos not in barred:
        match = _TOKEN.match(text, pos)
        if match is None:
            break
        token = match.group()
        initial = len(token) == 2 and token.endswith(".")
        stop = match.end() - (token.endswith(".") and not initial)
        if initial or _is_name_shaped(folded, original, pos, len(token)):
            end, count = stop, count + 1
        elif count == 0 or token not in _PARTICLES:
            break
        if stop < match.end() or not text.startswith(" ", stop):
            break
        pos = stop + 1
    return end


def _is_name_shaped(folded: Folded, original: str, pos: int, length: int) -> bool:
    """A capital and then a small letter, so that an acronym is no name."""
    first, last = folded.span(pos, pos + length)
    word = original[first:last]
    return len(word) > 1 and word[0].isupper() and (word[1].islower() or word[1] == "'")


def _is_capital(folded: Folded, original: str, pos: int) -> bool:
    first, last = folded.span(pos, pos + 1)
    return original[first:last][:1].isupper()


def _arabic_script(text: str, hits: list[Hit], language: str) -> list[Found]:
    barred = _barred(hits)
    found = []
    for start, _ in _after_titles(text, hits):
        quoted = _quoted(text, start)
        end = 0 if quoted else _arabic_name(text, start, barred, language)
        if quoted or end:
            found.append(Found(*(quoted or (start, end)), "PER", _TITLED))
    for start in _arabic_given(text, language):
        end = _arabic_name(text, start, barred, language)
        if end and _ends_here(text, end, _folded(language, "stop")):
            found.append(Found(start, end, "PER", _GIVEN))
    return found


def _arabic_given(text: str, language: str) -> list[int]:
    """Where a given name stands that no other part of a name stands before."""
    given, linking = given_names(language), _folded(language, "patronymic")
    stops = _folded(language, "stop") | {""}
    starts, before = [], ""
    for match in _ARABIC_WORD.finditer(text):
        word, start = match.group(), match.start()
        if language == "ar" and word not in given and word[0] in "وفبلك" and word[1:] in given:
            word, start = word[1:], start + 1
        begins = before not in given | linking and (word not in linking or before in stops)
        if word in given and begins:
            starts.append(start)
        before = word
    return starts


def _ends_here(text: str, end: int, stops: frozenset[str]) -> bool:
    """Whether a name can't go on: a mark, the end of a line, or a word that no name has."""
    after = _ARABIC_WORD.match(text, end + 1) if text.startswith(" ", end) else None
    return after.group() in stops if after else True


def _quoted(text: str, start: int) -> tuple[int, int] | None:
    """One to four words in quotes right after a title."""
    match = _IN_QUOTES.match(text, start)
    if match is None or len(match.group(1).split()) > _NAME_WORDS_MAX or match.group(1).startswith("ال"):
        return None
    return match.span(1)


def _arabic_name(text: str, start: int, barred: dict[int, int], language: str) -> int:
    """The end of a name that begins with a given name (or a Korean or Chinese family name); 0 for none."""
    given, stops = given_names(language), _folded(language, "stop")
    korean, linking = _folded(language, "korean"), _folded(language, "patronymic")
    parts: list[str] = []
    pos = end = start
    while len(parts) < _NAME_WORDS_MAX and pos not in barred:
        match = _ARABIC_WORD.match(text, pos)
        if match is None or match.group() in stops or (parts and match.group().startswith("و")):
            break
        parts.append(match.group())
        end = match.end()
        wanted = 3 if parts[0] in korean or linking & set(parts) else 2
        if len(parts) >= wanted and parts[-1] not in linking:
            break
        if not text.startswith(" ", end):
            break
        pos = end + 1
    begun = parts and parts[0] in given | korean
    return end if begun and len(parts) > 1 and parts[-1] not in linking else 0


def _chinese(text: str, hits: list[Hit]) -> list[Found]:
    family, after = _letters("family"), _letters("after")
    foreign = _letters("transliteration")
    found = []
    for match in _HAN_NAME.finditer(text):
        start, end = _transliterated(text, match.start(), match.end(), foreign)
        if end and (end == len(text) or text[end] in after or not "\u4e00" <= text[end] <= "\u9fff"):
            found.append(Found(start, end, "PER", _TITLED))
    for role in only(hits, "role"):
        start = role.end
        if text[start : start + 1] not in family:
            continue
        for length in (3, 2):
            end = start + length
            name = text[start:end]
            if (
                len(name) == length
                and all("\u4e00" <= letter <= "\u9fff" for letter in name)
                and (end == len(text) or text[end] in after)
            ):
                found.append(Found(start, end, "PER", _TITLED))
                break
    return found


def _transliterated(text: str, start: int, end: int, foreign: frozenset[str]) -> tuple[int, int]:
    """The part of a dotted run that is spelt with the letters kept for foreign names."""
    dot, last = text.index("·", start), text.rindex("·", start, end)
    first = dot
    while first > start and text[first - 1] in foreign:
        first -= 1
    stop = last + 1
    while stop < end and text[stop] in foreign:
        stop += 1
    return (first, stop) if first < dot and stop > last + 1 else (0, 0)


def _korean(text: str, hits: list[Hit]) -> list[Found]:
    family = _letters("family", "ko")
    stops = frozenset(words("ko", "stop"))
    titles = _korean_titles()
    taken = {hit.start for hit in hits}
    found = []
    tokens = list(_HANGUL_TOKEN.finditer(text))
    for token, title in pairwise(tokens):
        name = token.group()
        beside = title.start() == token.end() + 1 and text[token.end()] == " "
        if len(name) != 3 or not beside or name[0] not in family or token.start() in taken or name in stops:
            continue
        if name[:2] in stops or (
            name[-1] in "당부회청국시도군구전측원의은는이가을를" and name[-1] not in "이원국도시은구의전"
        ):
            continue
        if titles.fullmatch(title.group()):
            found.append(Found(token.start(), token.end(), "PER", _TITLED))
    return found


@cache
def _korean_titles() -> re.Pattern[str]:
    titles = "|".join(title for title in words("ko", "roles_after") if " " not in title)
    return re.compile(f"(?:{titles})(?:{'|'.join(words('ko', 'particles'))})*")


def _after_titles(text: str, hits: list[Hit]) -> list[tuple[int, str]]:
    """Where a name may begin: after a title, and the states and offices that follow it; and the title.

    The title is empty where something stands between.
    """
    by_start: dict[int, int] = {}
    for hit in only(hits, "adjective", "LOC", "ORG", "institution", "role"):
        by_start[hit.start] = max(by_start.get(hit.start, 0), hit.end)
    starts: dict[int, str] = {}
    for role in only(hits, "role"):
        pos = role.end
        for _ in range(_BRIDGES_MAX + 1):
            gap = _BRIDGE.match(text, pos)
            after = gap.end() if gap else pos
            if after not in by_start:
                break
            pos = by_start[after]
        gap = _GAP.match(text, pos)
        if gap:
            title = text[role.start : role.end] if pos == role.end else ""
            starts[gap.end()] = max(starts.get(gap.end(), ""), title)
    return sorted(starts.items())


def _barred(hits: list[Hit]) -> dict[int, int]:
    return {hit.start: hit.end for hit in only(hits, "adjective", "LOC", "ORG", "institution", "role")}


@cache
def given_names(language: str) -> frozenset[str]:
    """The given names of a language, folded, in their cases."""
    given = words(language, "given")
    forms = [form for name in given for form in (russian_noun(name) if language == "ru" else (name,))]
    return frozenset(fold(form) for form in forms)


@cache
def _folded(language: str, key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(language, key))


@cache
def _letters(key: str, language: str = "zh") -> frozenset[str]:
    return frozenset("".join(words(language, key)))
