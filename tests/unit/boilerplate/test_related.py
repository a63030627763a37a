"""Lists of other stories inside an article, and sentences that stand below them."""

from dataclasses import replace

import numpy as np
import pytest

from processors.boilerplate.doubted import keep_sentences_of_headline
from processors.boilerplate.lines import split_lines
from processors.boilerplate.reading import read_page
from processors.boilerplate.stage import clean_text
from schemas.article import Role

MENU = ["Home", "World", "Business", "Sport"]
HEADLINE = "Two banks added to the harbour sanctions list"
ABOVE = [
    "The ministry added two banks to its sanctions list on Friday, accusing them of moving money for smugglers.",
    "Their accounts are frozen at once, and nobody in the country may trade with them, the minister said.",
]
BELOW = "Both banks denied the accusations of the ministry and said they would go to court."


def _text(*between: str, below: str = BELOW) -> list[str]:
    clean = clean_text("\n".join([*MENU, HEADLINE, *ABOVE, *between, below, "Share", "Comments"]), "en")
    assert clean is not None
    return clean.text.split("\n")


@pytest.mark.parametrize(
    "between",
    [
        ("Read also", "Harbour closed for a week", "Ferry prices rise again"),
        ("Recommended stories", "Why did the ferry stop?", "End of recommended stories"),
        ("Read also", "Who owns the ferry?"),
        ("Read also", "Ferry prices rise again", "Who owns the ferry?"),
    ],
)
def test_a_list_between_paragraphs_is_none_of_the_article(between: tuple[str, ...]) -> None:
    assert _text(*between) == [*ABOVE, BELOW]


@pytest.mark.parametrize(
    ("language", "lines", "below"),
    [
        (
            "ar",
            [
                "الأخبار", "اقتصاد", "رياضة",
                "الوزارة تدرج مصرفين على قائمة العقوبات",
                "أدرجت الوزارة، الجمعة، مصرفين على قائمة العقوبات، متهمة إياهما بتحويل أموال إلى شبكة تهريب.",
                "وقال الوزير إن حسابات المصرفين جُمّدت على الفور، وإن التعامل معهما محظور.",
                "مواضيع ذات صلة",
                "الميناء مغلق لأسبوع",
                "أسعار العبّارة ترتفع مجددا",
            ],
            "ونفى المصرفان اتهامات الوزارة في بيان مشترك.",
        ),
        (
            "ko",
            [
                "홈", "경제", "문화",
                "재무부, 밀수 자금 은행 2곳 제재",
                "재무부는 27일 밀수 조직에 자금을 보낸 혐의로 은행 2곳을 제재 명단에 올렸다고 밝혔다.",
                "장관은 이들 은행의 계좌가 즉시 동결된다고 말했다.",
                "관련기사",
                "항구 일주일 폐쇄",
                "여객선 요금 또 올라",
            ],
            "두 은행은 혐의를 부인했다.",
        ),
    ],
)  # fmt: skip
def test_the_article_goes_on_below_a_list(language: str, lines: list[str], below: str) -> None:
    clean = clean_text("\n".join([*lines, below]), language)
    assert clean is not None
    assert clean.text.split("\n") == [*lines[4:6], below]


def test_sentences_that_are_listed_with_headlines_stay_out() -> None:
    """A list that has a sentence for each story, at the end of a page."""
    listed = [
        "Related", "Ferry prices rise again", "A ticket costs the banks four crowns more from May.",
        "Harbour closed for a week", "Divers look for cracks in the columns of the banks of the pier.",
        "Ferry prices fall", "A ticket costs as much as it did.",
    ]  # fmt: skip
    page = read_page(split_lines("\n".join([*ABOVE, BELOW, *listed])), "en")
    doubted = np.where(np.arange(len(page.lines)) < 3, page.probability, np.float32(0.2))
    roles: list[Role] = ["body", "body", "body", *["boilerplate" for _ in listed]]
    keep_sentences_of_headline(replace(page, probability=doubted), roles)
    assert roles[3:] == ["boilerplate" for _ in listed]
