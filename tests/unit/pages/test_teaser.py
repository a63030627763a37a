"""The article itself, or an invitation to read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.pages import suffices

SENTENCES = {
    "en": "The harbour office closed two quays on Tuesday after a crane was found to be unsafe. ",
    "de": "Das Hafenamt sperrte am Dienstag zwei Kais, nachdem ein Kran als unsicher galt. ",
    "fr": "La capitainerie a fermé mardi deux quais après la découverte d’une grue dangereuse. ",
    "es": "La capitanía cerró el martes dos muelles tras hallarse una grúa insegura. ",
    "ru": "Во вторник портовая служба закрыла два причала из-за неисправного крана. ",
    "tr": "Liman idaresi salı günü güvenli bulunmayan vinç yüzünden iki rıhtımı kapattı. ",
    "ar": "أغلقت إدارة الميناء رصيفين يوم الثلاثاء بعد اكتشاف رافعة غير آمنة. ",
    "fa": "اداره بندر روز سه‌شنبه دو اسکله را پس از کشف یک جرثقیل ناایمن بست. ",
    "ko": "항만청은 화요일 안전하지 않은 크레인이 발견되자 부두 두 곳을 폐쇄했다. ",
    "zh": "港务局星期二发现一台起重机不安全后关闭了两个码头。",
}
MORE = {
    "en": "Read more", "de": "Weiterlesen", "fr": "Lire la suite", "es": "Leer más", "ru": "Читать далее",
    "tr": "Devamını oku", "ar": "اقرأ المزيد", "fa": "ادامه مطلب", "ko": "더보기", "zh": "阅读全文",
}  # fmt: skip


@pytest.mark.parametrize("language", SENTENCES)
def test_a_whole_article_suffices_in_every_language(language: str) -> None:
    assert suffices("".join(f"<p>{SENTENCES[language] * 4}</p>" for _ in range(6)))
    assert suffices(SENTENCES[language] * 24)


@pytest.mark.parametrize("language", SENTENCES)
def test_two_sentences_do_not(language: str) -> None:
    assert not suffices(f"<p>{SENTENCES[language] * 2}</p>")


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("ending", ["…", " [...]", " [&hellip;]", "...", " →"])
def test_what_breaks_off_does_not(language: str, ending: str) -> None:
    assert not suffices(
        f"<p>{SENTENCES[language] * 24}</p><p>{SENTENCES[language].rstrip('.。 ')}{ending}</p>"
    )


@pytest.mark.parametrize("language", SENTENCES)
def test_what_invites_to_read_on_does_not(language: str) -> None:
    assert not suffices(f'<p>{SENTENCES[language] * 24}</p><p><a href="/a">{MORE[language]}</a></p>')
    assert not suffices(f'<p>{SENTENCES[language] * 24}</p><p><a href="/a">{MORE[language]} »</a></p>')


def test_what_ends_within_a_sentence_does_not() -> None:
    assert not suffices(SENTENCES["en"] * 24 + "The office said that the")


@pytest.mark.parametrize("mark", ["<p>___</p>", "<br>© Hafenblatt", "<p>♦</p>"])
def test_a_mark_after_the_last_sentence_is_no_break(mark: str) -> None:
    assert suffices(f"<p>{SENTENCES['en'] * 24}</p>{mark}")
    assert not suffices(f"<p>{SENTENCES['en'] * 24} The office said that the</p>{mark}")


@pytest.mark.parametrize(
    "quote", ["„Das ist alles.“", "« C’est tout. »", "“That is all.”", "«Это всё.»", "「以上です。」"]
)
def test_an_article_may_end_in_a_quotation(quote: str) -> None:
    assert suffices(f"<p>{SENTENCES['en'] * 24}</p><p>{quote}</p>")


def test_a_blog_s_footer_says_nothing() -> None:
    footer = '<p>The post <a href="/a">Quays closed</a> appeared first on <a href="/">The Harbour</a>.</p>'
    assert suffices(f"<p>{SENTENCES['en'] * 24}</p>{footer}")
    assert not suffices(f"<p>{SENTENCES['en'] * 24} […]</p>{footer}")


def test_scripts_and_pictures_are_no_text() -> None:
    assert not suffices(f"<script>{SENTENCES['en'] * 40}</script><img src='a.png'><p>{SENTENCES['en']}</p>")
    assert not suffices("")
    assert not suffices("<p></p>")


@given(st.text(max_size=3000))
def test_nothing_raises(content: str) -> None:
    suffices(content)
    suffices(f"<p>{content}")
