"""Countries as lists write them, in any of the languages here, as ISO 3166 codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global

from processors.folding import fold

_LANGUAGES = ("en", "fr", "es", "de", "ru", "tr", "ar", "fa", "ko", "zh")
_CODE = re.compile(r"[a-z]{2}(?:[-_][a-z0-9]{1,5})?")
_NO_LETTER = re.compile(r"[^\w ]")
_IN_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})
_UNKNOWN = frozenset({"", "undetermined", "unknown", "none", "other", "n a", "00", "stateless"})
_GONE = frozenset({"suhh", "yucs", "ddde", "csxx", "csyu", "cshh", "zz"})
_ALSO = {
    "KP": "democratic peoples republic of korea; dprk; korea north; 北朝鲜; 北韓",
    "KR": "republic of korea; korea south",
    "IR": "islamic republic of iran; persia",
    "SY": "syrian arab republic",
    "RU": "russian federation; ussr; soviet union",
    "VE": "bolivarian republic of venezuela",
    "BO": "plurinational state of bolivia",
    "TZ": "united republic of tanzania",
    "MD": "republic of moldova",
    "MM": "burma",
    "CD": "democratic republic of the congo; congo democratic republic of the; congo kinshasa; drc; zaire",
    "CG": "republic of the congo; congo republic of the; congo brazzaville; congo",
    "CI": "cote d ivoire; ivory coast",
    "LY": "libyan arab jamahiriya; state of libya",
    "PS": "palestine; state of palestine; palestinian; west bank; gaza; region gaza; gaza strip",
    "LA": "lao peoples democratic republic",
    "MK": "macedonia; the former yugoslav republic of macedonia; macedonia the former yugoslav republic of",
    "CZ": "czech republic",
    "SZ": "swaziland",
    "CV": "cape verde",
    "TL": "east timor",
    "BN": "brunei darussalam",
    "GB": "united kingdom of great britain and northern ireland; great britain; england; scotland; uk",
    "US": "united states of america; usa",
    "VN": "viet nam; socialist republic of vietnam",
    "TW": "taiwan province of china; republic of china",
    "CN": "peoples republic of china; prc; mainland china",
    "HK": "hong kong",
    "MO": "macau; macao",
    "GM": "gambia the; the gambia",
    "BS": "bahamas the; the bahamas",
    "UA": "region crimea; crimea; donetsk; luhansk",
    "BA": "bosnia",
    "VA": "holy see",
    "VC": "saint vincent and the grenadines",
    "AE": "uae; emirates",
    "SD": "north sudan; region kafia kingi",
    "TR": "turkiye; turkey",
    "NL": "holland; the netherlands; netherlands the",
    "FM": "federated states of micronesia",
    "AF": "islamic republic of afghanistan; islamic emirate of afghanistan",
    "YE": "republic of yemen",
    "IQ": "republic of iraq",
}


def country_code(written: str) -> str | None:
    """`IR` for `Iran (Islamic Republic of)`, `ir`, `IRN` or `إيران`; `None` where it is no country known."""
    name = _plain(written)
    if name in _UNKNOWN or name in _GONE:
        return None
    code = written.strip().lower()
    if _CODE.fullmatch(code) and code[:2].upper() in _codes():
        return code[:2].upper()
    return next((_names()[form] for form in _forms(written) if form in _names()), None)


def is_no_country(written: str) -> bool:
    """Whether a list says here that it knows no country, or names a state that is no more."""
    return _plain(written) in _UNKNOWN | _GONE


def _forms(written: str) -> list[str]:
    """The name as it stands, without its brackets, and turned round: `Korea, North`, `Iran (Republic of)`."""
    bare = _IN_BRACKETS.sub(" ", written)
    forms = [written, bare]
    if inside := _IN_BRACKETS.search(written):
        forms.append(f"{inside[1]} {bare}")
    head, comma, tail = bare.partition(",")
    if comma:
        forms.append(f"{tail} {head}")
    return [_plain(form) for form in forms]


def _plain(written: str) -> str:
    """`bosnia and herzegovina` for `Bosnia & Herzegovina`, `saint lucia` for `St. Lucia`."""
    name = fold(written).replace("'", "").replace("&", " and ")
    name = " ".join(_NO_LETTER.sub(" ", name).split())
    return name.replace("st ", "saint ", 1) if name.startswith("st ") else name


@cache
def _codes() -> frozenset[str]:
    return frozenset(
        str(code)
        for code in Locale.parse("en").territories
        if len(str(code)) == 2 and str(code).isalpha() and code not in _NO_COUNTRY
    )


@cache
def _names() -> dict[str, str]:
    """Plain names and three-letter codes. Where two states share a form, the first language's holds."""
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in _codes():
                for form in _forms(str(name)):
                    found.setdefault(form, str(code))
    aliases: Mapping[Any, Any] = get_global("territory_aliases")
    for alias, codes in aliases.items():
        if len(alias) == 3 and alias.isalpha() and codes[0] in _codes():
            found.setdefault(alias.lower(), codes[0])
    for code, names in _ALSO.items():
        found.update(dict.fromkeys((_plain(name) for name in names.split(";")), code))
    return found
