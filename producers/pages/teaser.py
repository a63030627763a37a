"""Whether what a feed gives of an article is the article, or an invitation to read it."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree, html

LETTERS_MIN = 900
"""Shorter than about 150 words of English, and the page is asked: a request costs less than half a story."""
LETTERS_OF_AN_IDEOGRAM = 3
"""How much Latin text says what one character of Chinese, Japanese or Korean says, about."""

_DENSE = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…|⋯|\[\s*\.{2,}\s*\]|\[…\]|>{1,2}|→|←)\s*\)?\]?$")
_ENDING = re.compile(r"[.!?…。！？؟۔।»”“\"’'」』）)\]:]\s*$")
_BLOCK_END = re.compile(r"</(?:p|div|li|h\d|blockquote|tr|figcaption|pre)\s*>|<br\b", re.IGNORECASE)
_MORE = re.compile(
    r"(?:continue reading|read (?:more|on|the (?:full|rest|whole))|full (?:story|article)|(?:see|learn) more"
    r"|weiterlesen|mehr lesen|lesen sie (?:mehr|hier|weiter)|zum artikel|jetzt lesen"
    r"|lire (?:la suite|plus|l[’']article)|en savoir plus|voir plus"
    r"|leer m[áa]s|seguir leyendo|sigue leyendo|contin[úu]a leyendo|ver m[áa]s|leer (?:la )?nota"
    r"|читать (?:далее|дальше|полностью|подробнее|ещё)|подробнее|далее"
    r"|devam[ıi]n[ıi] oku|devam[ıi] (?:için|i[çc]in)|haberin devam[ıi]|detaylar i[çc]in"
    r"|(?:إقرأ|اقرأ|أقرأ|اقرؤوا|طالع) (?:المزيد|أيضا|باقي|الخبر)|المزيد|للمزيد|التتمة|متابعة القراءة"
    r"|ادامه (?:مطلب|خبر|متن)|بیشتر بخوانید|متن کامل|مشاهده (?:خبر|کامل)"
    r"|더 ?보기|자세히 ?보기|기사 ?(?:전문|더 ?보기|원문)|계속 ?읽기|전문 ?보기"
    r"|阅读(?:全文|更多|原文)|查看(?:全文|更多|原文)|閱讀(?:全文|更多|原文)|更多|全文|詳情|详情|[続つ]づきを読む|続きを読む)",
    re.IGNORECASE,
)
_MORE_WITHIN = 60
_APPEARED_FIRST = re.compile(
    r"(?:the post .{0,400}appeared first on .{0,200}|(?:der beitrag|l[’']article|la entrada|запись) .{0,400}"
    r"(?:erschien zuerst auf|est apparu en premier sur|se publicó primero en|впервые появилась) .{0,200})$",
    re.IGNORECASE | re.DOTALL,
)


def suffices(content: str) -> bool:
    """Whether a feed item's HTML or text is long enough and doesn't break off: no ellipsis at its end, no
    `read more` in any of our languages, a last sentence that ends. In doubt it does not.
    """
    text = _APPEARED_FIRST.sub("", _visible(content)).rstrip()
    if _length(text) < LETTERS_MIN or _ELLIPSIS.search(text) or _MORE.search(text[-_MORE_WITHIN:]):
        return False
    lines = [line for line in text.splitlines() if _LETTER.search(line) and "©" not in line]
    return bool(lines) and _ENDING.search(lines[-1]) is not None


def _length(text: str) -> int:
    dense = len(_DENSE.findall(text))
    return len(_LETTER.findall(text)) + dense * (LETTERS_OF_AN_IDEOGRAM - 1)


def _visible(content: str) -> str:
    try:
        parted = _BLOCK_END.sub(r"\n\g<0>", content)
        tree = cast(html.HtmlElement, html.fromstring(f"<div>{parted}</div>"))
    except (etree.LxmlError, ValueError):
        return ""
    for unseen in list(tree.iter("script", "style", "noscript", "iframe")):
        cast(html.HtmlElement, unseen).drop_tree()
    return str(tree.text_content()).strip()
