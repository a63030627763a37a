"""A page's text, declared rightly, wrongly or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.pages.charset import header_encoding, page_text
from producers.unreadable import ReadError

TEXTS = {
    "cp1251": "Министерство финансов ввело во вторник новые ограничения против трёх компаний.",
    "koi8-r": "Министерство финансов ввело во вторник новые ограничения против трёх компаний.",
    "cp1256": "أعلنت وزارة الخزانة يوم الثلاثاء تجميد أموال شركتين وقال متحدث باسمها إن القرار نهائي.",
    "cp1254": "Bakanlık salı günü üç şirkete yeni kısıtlamalar getirdi, sözcü kararın kesin olduğunu söyledi.",
    "cp1252": "Le ministère a gelé mardi les avoirs de trois sociétés, a annoncé l’adjointe chargée de l’économie.",
    "cp949": "재무부는 화요일 세 회사의 자산을 동결했다고 대변인이 밝혔다. 은행들은 이에 따를 것이다.",
    "gb18030": "财政部星期二冻结了三家公司的资产，发言人表示银行将遵守这一决定。",
    "big5": "財政部星期二凍結了三家公司的資產，發言人表示銀行將遵守這一決定。",
    "iso8859-6": "أعلنت وزارة الخزانة يوم الثلاثاء تجميد أموال شركتين وقال متحدث باسمها إن القرار نهائي.",
    "euc_jp": "財務省は火曜日、三社の資産を凍結したと発表した。銀行はこれに従う見通しだ。",
    "cp932": "財務省は火曜日、三社の資産を凍結したと発表した。銀行はこれに従う見通しだ。",
}
LABELS = {"cp1251": "windows-1251", "cp1256": "windows-1256", "cp1254": "iso-8859-9", "cp1252": "iso-8859-1",
          "cp949": "euc-kr", "gb18030": "gb2312", "cp932": "shift_jis"}  # fmt: skip


def _page(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>t</title></head><body><nav>a | b</nav><p>{text}</p></body></html>"


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_header_says_it(encoding: str) -> None:
    page = _page(TEXTS[encoding])
    assert page_text(page.encode(encoding), f'text/html; charset="{LABELS.get(encoding, encoding)}"') == page


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_head_says_it(encoding: str) -> None:
    page = _page(TEXTS[encoding], f"<meta charset={LABELS.get(encoding, encoding)}>")
    assert page_text(page.encode(encoding), "text/html") == page


@pytest.mark.parametrize("encoding", TEXTS)
def test_nobody_says_it(encoding: str) -> None:
    page = _page(TEXTS[encoding] * 3)
    assert page_text(page.encode(encoding), "text/html") == page


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("told", ["utf-8", "iso-8859-1", "no-such-charset", ""])
def test_the_header_is_wrong(encoding: str, told: str) -> None:
    """A server's default, put before every page."""
    page = _page(
        TEXTS[encoding],
        f"<meta http-equiv=content-type content='text/html; charset={LABELS.get(encoding, encoding)}'>",
    )
    assert page_text(page.encode(encoding), f"text/html; charset={told}") == page


@pytest.mark.parametrize("encoding", TEXTS)
def test_all_that_is_said_is_wrong(encoding: str) -> None:
    page = _page(TEXTS[encoding] * 3, "<meta charset=iso-8859-1>")
    assert page_text(page.encode(encoding), "text/html; charset=iso-8859-1") == page


@pytest.mark.parametrize("text", TEXTS.values())
@pytest.mark.parametrize("told", ["windows-1251", "iso-8859-1", "gb2312", "utf-8", ""])
def test_utf_8_is_utf_8_whatever_is_said(text: str, told: str) -> None:
    page = _page(text, f"<meta charset={told}>")
    assert page_text(page.encode(), f"text/html; charset={told}") == page
    assert page_text(b"\xef\xbb\xbf" + page.encode(), f"text/html; charset={told}") == page
    assert page_text(page.encode("utf-16"), "text/html; charset=utf-8") == page


def test_icelandic_is_not_taken_for_turkish() -> None:
    page = _page("Það er satt að þýðingin sé góð, sagði ráðherra á fundi með fréttamönnum í dag. " * 3)
    assert page_text(page.encode("cp1252"), "text/html; charset=iso-8859-1") == page


def test_one_broken_letter_does_not_spoil_a_page() -> None:
    page = _page(TEXTS["cp1251"])
    data = page.encode()
    broken = data.replace("М".encode(), b"\xd0", 1)
    assert page_text(broken, "text/html; charset=utf-8") == page.replace("М", "\ufffd", 1)


def test_a_seven_bit_page_is_read_as_declared() -> None:
    page = _page(TEXTS["cp932"])
    assert page_text(page.encode("iso2022_jp"), "text/html; charset=iso-2022-jp") == page


@pytest.mark.parametrize(
    ("header", "encoding"),
    [("text/html; charset=Windows-1251", "cp1251"), ("text/html;charset='EUC-KR'", "cp949"), ("text/html", None),
     ("text/html; charset=utf-8", None), ("text/html; charset=unicode_escape", None), ("", None), ("\r\nx; charset=\xff", None)],
)  # fmt: skip
def test_header(header: str, encoding: str | None) -> None:
    assert header_encoding(header) == encoding


@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_bytes_are_text_or_refused(body: bytes, told: str) -> None:
    try:
        page_text(body, f"text/html; charset={told}")
    except ReadError as error:
        reason = error.reason
        assert reason == "not_utf8"
