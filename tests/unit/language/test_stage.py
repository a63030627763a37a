import pytest

from processors.language import LanguageStage
from processors.stage import Dropped, Stage
from schemas.article import Article, Language, Raw
from tests.pace import within


def _article(content: str, page_format: str = "text") -> Article:
    return Article(
        id="a", source="s", fetched_at="2026-01-02T03:04:05Z", raw=Raw(content=content, format=page_format)
    )


def _language(content: str, page_format: str = "text") -> Language:
    result = LanguageStage()(_article(content, page_format))
    assert isinstance(result, Article)
    assert result.language is not None
    return result.language


SENTENCES = {
    ("ar", "Arab"): "أعلن وزير المالية أمس أن الحكومة ستخفض الضرائب على الشركات الصغيرة في العام المقبل.",
    ("fa", "Arab"): "وزیر دارایی روز گذشته گفت که دولت مالیات شرکت‌های کوچک را در سال آینده کاهش می‌دهد.",
    ("ur", "Arab"): "وزیر خزانہ نے کل کہا کہ حکومت اگلے سال چھوٹی کمپنیوں پر ٹیکس کم کر دے گی۔",
    ("ckb", "Arab"): "وەزیری دارایی دوێنێ ڕایگەیاند کە حکومەت باجی کۆمپانیا بچووکەکان کەم دەکاتەوە.",
    ("ru", "Cyrl"): "Министр финансов заявил вчера, что правительство снизит налоги для малых предприятий.",
    ("uk", "Cyrl"): "Міністр фінансів заявив учора, що уряд знизить податки для малих підприємств.",
    (
        "tr",
        "Latn",
    ): "Maliye bakanı dün hükümetin küçük şirketlerin vergilerini gelecek yıl düşüreceğini söyledi.",
    ("fr", "Latn"): "Le ministre des Finances a déclaré hier que le gouvernement baisserait les impôts.",
    ("es", "Latn"): "El ministro de Hacienda dijo ayer que el Gobierno bajará los impuestos a las empresas.",
    (
        "en",
        "Latn",
    ): "The finance minister said yesterday that the government would cut taxes for small firms.",
    (
        "de",
        "Latn",
    ): "Der Finanzminister sagte gestern, die Regierung werde die Steuern für kleine Firmen senken.",
    ("ko", "Hang"): "재무장관은 정부가 내년에 중소기업의 세금을 낮출 것이라고 어제 밝혔다.",
    ("zh", "Hani"): "财政部长昨天表示，政府明年将降低小企业的税收。",
    ("ja", "Jpan"): "財務大臣は昨日、政府が来年中小企業の税金を引き下げると述べた。",
}


@pytest.mark.parametrize(("expected", "text"), SENTENCES.items(), ids=lambda value: str(value)[:14])
def test_language_and_script(expected: tuple[str, str], text: str) -> None:
    language = _language(text)
    assert (language.code, language.script) == expected
    assert language.confidence > 0.5


@pytest.mark.parametrize("content", ["", " \n\t", "1234 / 56:78 — ؟", "\u200f\u200e", "٢٠٢٤/٥/٣"])
def test_a_page_without_letters_is_dropped(content: str) -> None:
    assert LanguageStage()(_article(content)) == Dropped("empty")


def test_a_date_bar_and_buttons_in_another_language_do_not_change_the_answer() -> None:
    page = "\n".join(
        ["Anasayfa", "Ekleme: 03.04.2023 10:00 / Güncelleme: 03.04.2023 11:00", "Destek için tıklayın"] * 3
        + [SENTENCES["ar", "Arab"]]
        + ["Share", "Close"]
    )
    assert _language(page).code == "ar"


def test_a_dialect_is_folded_into_its_language() -> None:
    language = _language("مش عارف اعمل ايه دلوقتى عشان الناس دى كلها عايزه تروح البلد بتاعتهم فى مصر")
    assert language.code == "ar"
    assert language.dialect in {"arz", None}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ראש העיר הודיע אתמול", "he"),
        ("דער בירגער־מײַסטער האָט נעכטן געזאָגט אַז די שטאָט װעט בױען אַ נײַע בריק", "yi"),
        ("นายกรัฐมนตรีแถลงเมื่อวานนี้", "th"),
        ("Ο υπουργός μίλησε χθες", "el"),
        ("속보", "ko"),
        ("快讯", "zh"),
        ("Maliyyə naziri dünən dedi", "az"),
        ("Міністр відвідав Київ і Львів", "uk"),
        ("Прэм’ер сказаў, што ўрад знізіць падаткі", "be"),
    ],
)
def test_a_script_or_a_letter_settles_it(text: str, code: str) -> None:
    assert _language(text).code == code


def test_a_foreign_letter_in_a_name_does_not_change_the_answer() -> None:
    assert _language(SENTENCES["ru", "Cyrl"] + " Об этом пишет газета «Голос України».").code == "ru"


def test_html_is_judged_by_its_visible_text() -> None:
    page = (
        "<html lang='en'><head><style>body {color: red; margin: none}</style>"
        "<script>var words = 'this is a long english text that nobody will ever see on the page';</script>"
        f"</head><body><!-- and a comment here --><p>{SENTENCES['ar', 'Arab']}</p></body></html>"
    )
    assert _language(page, "html").code == "ar"


@pytest.mark.parametrize("page", ["<script>only code</script>", "<html></html>", "<", ""])
def test_html_without_visible_letters_is_dropped(page: str) -> None:
    assert isinstance(LanguageStage()(_article(page, "html")), Dropped | Article)
    assert "code" not in str(LanguageStage()(_article(page, "html")))


def test_gibberish_is_undetermined() -> None:
    assert _language("zzkx qqv wpfx jjh xxqz vvk qpzt wkx").code == "und"


@pytest.mark.parametrize("content", ["a\x00b hello there my old friend", "\ud800 hello there my old friend"])
def test_odd_characters_do_no_harm(content: str) -> None:
    assert _language(content).code == "en"


@pytest.mark.parametrize("line", ["ab\n", "слово ", ".\n", "<p>"])
def test_a_huge_page_takes_bounded_time(line: str) -> None:
    with within(3):
        LanguageStage()(_article(line * (8_000_000 // len(line))))


def test_the_answer_does_not_depend_on_what_came_before() -> None:
    stage = LanguageStage()
    first = stage(_article(SENTENCES["fr", "Latn"]))
    stage(_article(SENTENCES["zh", "Hani"]))
    assert stage(_article(SENTENCES["fr", "Latn"])) == first


def test_it_is_a_stage() -> None:
    stage: Stage = LanguageStage()
    assert stage.name == "language"
