"""Text as the web has it at its worst, in ten languages: what nearly valid inputs are made of."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

SENTENCES = (
    "The Ministry of Trade of Belmaria imposed sanctions on 14 persons and 3 companies on Monday.",
    "Washington lifted its asset freeze on Tarsin Marine Works, an official said.",
    "فرضت وزارة الخزانة الأميركية عقوبات على ١٤ شخصاً وكيانين في طهران.",
    "وقال المتحدث إن العقوبات «ستُرفَع» قريبـــاً.",
    "Совет ЕС ввёл санкции против 12 физических лиц и двух компаний из Белоруссии.",
    "وزارت خزانه‌داری آمریکا سه شرکت ایرانی را تحریم کرد.",
    "ABD Hazine Bakanlığı, İran'daki beş şirkete yaptırım uyguladı.",
    "L’Union européenne a adopté des sanctions contre dix-sept responsables, dit-on à Bruxelles.",
    "Estados Unidos sancionó a 21 funcionarios venezolanos y congeló sus bienes.",
    "미국 재무부는 북한 선박 4척과 개인 2명을 제재 대상에 올렸다고 14일 밝혔다.",
    "美国财政部周一宣布对三家中国公司和五名个人实施制裁。",
    "Die Bundesregierung verhängte Sanktionen gegen acht Oligarchen und fror deren Konten ein.",
)
NASTY = (
    "", " ", "\n", "\r\n", "\r", "\t", "\u00a0", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202e", "\u2066", "\u2069", "\ufeff",
    "\x00", "\x1b[31m", "\x7f", "\u0085", "\u2028", "\u2029", "\ud800", "\udfff", "\ufffe", "\uffff", "\U0010ffff", "\U000e0041", "🏴‍☠️", "👩‍👩‍👧",
    "e\u0301" * 3, "a" + "\u0300" * 40, "ﷺ", "ﬁ", "İ", "ı", "ß", "ẞ", "ﺎ", "ـ" * 20, "٣٫١٤", "۱۴۰۳", "五百", "〇", "½", "²", "①", "Ⅷ",
    "'", '"', "«", "»", "“", "„", "`", "\\", "/", "..", "…", "-" * 9, "—", "|", "(" * 30, ")" * 30, "[" * 30, "{" * 30, "<", ">", "&", "&amp;", "&#0;",
    "&#x110000;", "%", "%00", "%0a", "%s", "$", "${x}", "{{x}}", "#", "?", ":", ";", ",", "=", "@", "*", "+", "~", "^",
    "0", "-0", "-1", "9" * 30, "1e999", "NaN", "Infinity", "0x7f", "1.5", "1,000,000", "2026-02-30", "0000-00-00", "9999-12-31T23:59:60Z", "null", "true",
    "http://", "https://[", "https://[::1%25a]/", "https://example.org:99999/", "javascript:alert(1)", "data:,", "//", "file:///etc/passwd",
    "../" * 8, "a" * 3000, "ab " * 700, "ا" * 900, "中" * 900, "A B " * 300, ". " * 500, "\n" * 400,
)  # fmt: skip

nasty = st.sampled_from(NASTY)
sentences = st.sampled_from(SENTENCES)
characters = st.characters(codec=None)
short_text: SearchStrategy[str] = (
    st.text(characters, max_size=12) | nasty | st.sampled_from(["a", "Iran", "ايران", "2026"])
)
prose: SearchStrategy[str] = st.lists(
    st.one_of(sentences, sentences, sentences, nasty, st.text(characters, max_size=20)), max_size=12
).flatmap(
    lambda parts: st.sampled_from([" ", "", "\n", "\n\n", "\u00a0", " | "]).map(lambda sign: sign.join(parts))
)
any_text = short_text | prose
any_value: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | short_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(short_text, inner, max_size=4),
    max_leaves=8,
)


def written(text: str) -> bytes:
    """Text as bytes, lone surrogates among it."""
    return text.encode("utf-8", "surrogatepass")


def as_json(value: object) -> bytes:
    """A value as JSON, lone surrogates escaped."""
    return json.dumps(value).encode()


def mapping(fields: dict[str, SearchStrategy[Any]]) -> SearchStrategy[dict[str, Any]]:
    """Mappings with some of these fields, each mostly what it should be and now and then anything."""
    optional = {name: st.one_of(value, value, value, any_value) for name, value in fields.items()}
    return st.fixed_dictionaries({}, optional=optional)


def pieces(
    parts: tuple[str, ...], others: SearchStrategy[str] = any_text, most: int = 60
) -> SearchStrategy[bytes]:
    """Tokens of a format in any order, words between them."""
    part = st.sampled_from(parts)
    return st.lists(st.one_of(part, part, part, others), max_size=most).map(
        lambda found: written("".join(found))
    )


def elements(names: tuple[str, ...], attributes: tuple[str, ...] = ()) -> SearchStrategy[bytes]:
    """Trees of XML of these names, mostly well-formed: text in them may hold anything."""
    attribute = st.tuples(st.sampled_from(attributes or ("id",)), short_text.map(_escaped))
    leaf = st.one_of(prose.map(_escaped), prose.map(_escaped), any_text)
    name = st.sampled_from(names)

    def within(inner: SearchStrategy[str]) -> SearchStrategy[str]:
        return st.builds(_element, name, st.lists(attribute, max_size=3), st.lists(inner, max_size=5))

    return st.recursive(leaf, within, max_leaves=25).map(written)


def _element(name: str, attributes: list[tuple[str, str]], inner: list[str]) -> str:
    told = "".join(f' {key}="{value}"' for key, value in dict(attributes).items())
    return f"<{name}{told}>{''.join(inner)}</{name}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
