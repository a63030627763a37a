import pytest

from processors.boilerplate import BoilerplateStage
from processors.language import LanguageStage
from processors.language.passages import other_languages
from schemas.article import Article, Language, Raw

ENGLISH = [
    "The harbour authority said on Monday that it would close the old northern pier in the coming weeks.",
    "Engineers found cracks in eleven of the thirty columns, and divers confirmed them a day later.",
]
GERMAN = "Die Hafenbehörde teilte am Montag mit, dass sie den alten nördlichen Pier in den kommenden Wochen schließt."
ARABIC = "أعلنت هيئة الموانئ يوم الاثنين أنها ستغلق الرصيف الشمالي القديم في الأسابيع المقبلة."
MIXED = Language(code="en", confidence=0.7, script="Latn")


@pytest.mark.parametrize(
    ("line", "language"),
    [
        (ENGLISH[0], None),
        (GERMAN, "de"),
        (ARABIC, "ar"),
        ("مدير الميناء", None),
        ("Die Brücke", None),
        ("Jean-Pierre Lefèvre, Ingrid Halvorsen, Nils Aas, María Gutiérrez", None),
        ("12:30", None),
        ("", None),
    ],
)
def test_a_line_in_another_language(line: str, language: str | None) -> None:
    assert list(other_languages([line], MIXED)) == [language]


def test_a_language_that_passes_for_the_articles_is_not_told_apart() -> None:
    malay = "Pihak berkuasa pelabuhan mengumumkan pada hari Isnin bahawa jeti lama di utara akan ditutup."
    assert list(other_languages([malay], Language(code="id", confidence=0.7, script="Latn"))) == [None]


def test_where_the_article_is_sure_only_other_scripts_are_told() -> None:
    sure = Language(code="en", confidence=0.99, script="Latn")
    assert list(other_languages([GERMAN, ARABIC], sure)) == [None, "ar"]


def test_the_stages_mark_an_articles_foreign_lines_and_no_others() -> None:
    page = "\n".join(
        ["Harbour authority to close old northern pier", *ENGLISH, ARABIC, *ENGLISH[::-1], "Share"]
    )
    article = Article(id="a", source="s", fetched_at="2026-01-02T03:04:05Z", raw=Raw(content=page))
    found = LanguageStage()(article)
    assert isinstance(found, Article)
    assert found.language is not None
    assert found.language.code == "en"
    cleaned = BoilerplateStage()(found)
    assert isinstance(cleaned, Article)
    assert cleaned.clean is not None
    told = {page[part.start : part.end]: part.language for part in cleaned.clean.segments}
    assert {line for line, language in told.items() if language} == {ARABIC}
    assert told[ARABIC] == "ar"
