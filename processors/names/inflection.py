"""The forms a name or an adjective takes in running text, as far as spelling rules give them."""

from __future__ import annotations

from itertools import zip_longest

_CASES = 6
_NAMES_IN_Y = ("р", "л", "ген", "сен", "д", "г", "в", "Ант")
_NOUN = (
    ("ия", ("ия", "ии", "ии", "ию", "ией", "ии")),
    ("ая", ("ая", "ой", "ой", "ую", "ой", "ой")),
    ("яя", ("яя", "ей", "ей", "юю", "ей", "ей")),
    ("ый", ("ый", "ого", "ому", "ого", "ым", "ом")),
    *(
        (stem + "ий", (stem + "ий", stem + "ия", stem + "ию", stem + "ия", stem + "ием", stem + "ии"))
        for stem in _NAMES_IN_Y
    ),
    ("ий", ("ий", "ого", "ому", "ого", "им", "ом")),
    ("Павел", ("Павел", "Павла", "Павлу", "Павла", "Павлом", "Павле")),
    ("Пётр", ("Пётр", "Петра", "Петру", "Петра", "Петром", "Петре")),
    ("ое", ("ое", "ого", "ому", "ое", "ым", "ом")),
    ("ие", ("ие", "ия", "ию", "ие", "ием", "ии")),
    ("ые", ("ые", "ых", "ым", "ые", "ыми", "ых")),
    ("ка", ("ка", "ки", "ке", "ку", "кой", "ке")),
    ("га", ("га", "ги", "ге", "гу", "гой", "ге")),
    ("ха", ("ха", "хи", "хе", "ху", "хой", "хе")),
    ("ова", ("ова", "овой", "овой", "ову", "овой", "овой")),
    ("ева", ("ева", "евой", "евой", "еву", "евой", "евой")),
    ("а", ("а", "ы", "е", "у", "ой", "е")),
    ("ья", ("ья", "ьи", "ье", "ью", "ьей", "ье")),
    ("я", ("я", "и", "е", "ю", "ей", "е")),
    ("ы", ("ы", "ов", "ам", "ы", "ами", "ах")),
    ("ство", ("ство", "ства", "ству", "ство", "ством", "стве")),
    ("ов", ("ов", "ова", "ову", "ова", "овым", "ове")),
    ("ев", ("ев", "ева", "еву", "ева", "евым", "еве")),
    ("ёв", ("ёв", "ёва", "ёву", "ёва", "ёвым", "ёве")),
    ("ин", ("ин", "ина", "ину", "ина", "иным", "ине")),
    ("ей", ("ей", "ея", "ею", "ея", "еем", "ее")),
    ("ай", ("ай", "ая", "аю", "ай", "аем", "ае")),
    ("й", ("й", "я", "ю", "я", "ем", "е")),
)
_FIXED = frozenset("оеёуюэиъ")
_ADJECTIVE = ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими")
_ADJECTIVE_HARD = ("ый", "ого", "ому", "ым", "ом", "ая", "ой", "ую", "ое", "ые", "ых", "ыми")


def russian_noun(name: str) -> set[str]:
    """A Russian name in its cases, every word in the same one; words that do not inflect stay."""
    words = [_russian_cases(word) for word in name.split(" ")]
    return {name, *(" ".join(forms) for forms in zip_longest(*words))}


def russian_head(name: str) -> set[str]:
    """A Russian name whose first word alone inflects: `Министерства финансов`."""
    head, space, rest = name.partition(" ")
    return {form + space + rest for form in _russian_cases(head)}


def _russian_cases(word: str) -> tuple[str, ...]:
    inflected_in_o = word.endswith(("ое", "ие", "ые", "ство"))
    if word.isupper() or not word or (word[-1].lower() in _FIXED and not inflected_in_o):
        return (word,) * _CASES
    if word.endswith("ский"):
        return tuple(word[:-2] + ending for ending in ("ий", "ого", "ому", "ого", "им", "ом"))
    if word.endswith("ь"):
        feminine = word.endswith(("русь", "дь", "сть", "фть", "ркель", "бирь"))
        endings = ("ь", "и", "и", "ь", "ью", "и") if feminine else ("ь", "я", "ю", "я", "ем", "е")
        return tuple(word[:-1] + ending for ending in endings)
    for ending, cases in _NOUN:
        if word.endswith(ending):
            return tuple(word[: -len(ending)] + case for case in cases)
    if "а" <= word[-1].lower() <= "я":
        return tuple(word + case for case in ("", "а", "у", "а", "ом", "е"))
    return (word,) * _CASES


def adjective(base: str, language: str) -> set[str]:
    """An adjective of nationality in the forms that stand beside a noun."""
    match language:
        case "ar":
            return _arabic(base)
        case "ru":
            endings = _ADJECTIVE_HARD if base.endswith("ый") else _ADJECTIVE
            return (
                {base, *(base[:-2] + ending for ending in endings)} if base[-2:] in {"ий", "ый"} else {base}
            )
        case "de":
            return (
                {base, *(base + ending for ending in ("e", "er", "es", "en", "em"))}
                if base[0].islower()
                else {base}
            )
        case "fr":
            doubled = [base + "ne", base + "nes"] if base.endswith("en") else []
            return {base, base + "s", base if base.endswith("e") else base + "e", base + "es", *doubled}
        case "es":
            stem = base.removesuffix("o")
            return {base, base + "s", *((stem + "a", stem + "as") if base.endswith("o") else (base + "es",))}
        case _:
            return {base}


def _arabic(base: str) -> set[str]:
    """Masculine, feminine, dual and plural, with and without the article, each word alike."""
    words = [word.removeprefix("ال") for word in base.split(" ")]
    forms = [" ".join(word + ending for word in words) for ending in ("", "ة", "ين", "ون", "تين", "ان", "ا")]
    with_article = [" ".join("ال" + word for word in form.split(" ")) for form in forms]
    return {*forms, *with_article}
