"""What goes wrong in the trade, each told in a few short articles and taken through the stages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from processors.designations import decide, mention_records
from processors.pipeline import StageOptions, build_stages
from processors.stage import Passed, apply_stages
from schemas.article import Article, Clean, Language, Raw

Told = tuple[str, str, str, str]
"""Id, day and hour, language, and title and text with a line between."""

FILLER = "The harbour pilots voted on their new rota."
LISTED = (
    "The United States sanctions six Iranian officials\n"
    "The United States imposed sanctions on six individuals in Iran on Tuesday."
)
HISTORY = "In 2019 the European Union imposed sanctions on 14 individuals in Syria."


def announced(articles: Sequence[Told]) -> list[str]:
    """The ids of articles with a mention that is announced, in the order of arrival."""
    stages = build_stages(("stories", "names", "events", "sanctions"), StageOptions(names_model="gazetteer"))
    memory: dict[str, bytes] = {}
    designations: set[str] = set()
    found = []
    for number, (article_id, moment, language, content) in enumerate(articles):
        title, _, text = content.partition("\n")
        article = Article(
            id=article_id, source=f"outlet{number}.example", fetched_at=f"2026-03-{moment}:00Z", revision=number,
            raw=Raw(content=content), language=Language(code=language, confidence=1.0),
            clean=Clean(title=title, text=text, published_at=f"2026-03-{moment}:00Z"),
        )  # fmt: skip
        outcome = apply_stages(stages, article)
        assert isinstance(outcome, Passed)
        for _, mention in mention_records(outcome.article):
            told, _ = decide(mention, memory)
            identity = told.sanction.designation_id
            if told.decision == "new" and identity not in designations:
                designations.add(identity or "")
                found.append(article_id)
    return found


CASES: dict[str, tuple[list[Told], list[str]]] = {
    "a delisting is no listing": (
        [
            ("a", "03T08:00", "en", "EU removes six from sanctions list\nThe European Union removed six individuals in Syria from its sanctions list on Monday."),
            ("b", "03T09:00", "ru", "Евросоюз снял санкции\nЕвросоюз исключил шесть физических лиц из санкционного списка."),
            ("c", "03T09:30", "ar", "الاتحاد الأوروبي يرفع العقوبات\nرفع الاتحاد الأوروبي العقوبات عن ستة أفراد في سوريا."),
        ],
        [],
    ),
    "history in the eleventh paragraph is none": (
        [("a", "03T08:00", "en", "\n".join([LISTED, *[FILLER] * 9, HISTORY]))],
        ["a"],
    ),
    "two issuers with one target are two": (
        [
            ("a", "03T08:00", "en", LISTED),
            ("b", "03T10:00", "en", "Canada sanctions six Iranian officials\nCanada imposed sanctions on six individuals in Iran on Tuesday."),
            ("c", "03T11:00", "fr", "Le Canada sanctionne six Iraniens\nLe Canada a imposé mardi des sanctions contre six personnes en Iran."),
        ],
        ["a", "b"],
    ),
    "counts that overlap are one": (
        [
            ("a", "03T08:00", "en", "US sanctions Iran\nThe United States imposed sanctions on 12 individuals and four entities in Iran."),
            ("b", "03T10:00", "en", "Fresh sanctions\nThe United States imposed sanctions on 16 individuals and entities in Iran."),
            ("c", "03T11:00", "de", "USA verhängen Sanktionen\nDie USA haben Sanktionen gegen 12 Personen im Iran verhängt."),
        ],
        ["a"],
    ),
    "the six refers back": (
        [
            ("a", "03T08:00", "en", LISTED),
            ("b", "04T08:00", "en", f"Iran protests\nTehran protested on Wednesday against the US sanctions on the six officials.\n{FILLER}"),
        ],
        ["a"],
    ),
    "a headline without an issuer waits for one that names it": (
        [
            ("a", "03T08:00", "en", f"Sanctions imposed on 27 individuals in Belarus\n{FILLER}"),
            ("b", "03T09:00", "en", "Britain sanctions 27 in Belarus\nBritain imposed sanctions on 27 individuals in Belarus."),
            ("c", "03T10:00", "en", f"Sanctions imposed on 27 individuals in Belarus\n{FILLER} It rained."),
        ],
        ["b"],
    ),
    "machine-translated words tell the same act": (
        [
            ("a", "03T08:00", "en", LISTED),
            ("b", "03T10:00", "en", "USA have introduced sanctions against six persons from Iran\nUSA on Tuesday have introduced the sanctions against six physical persons in Iran, about this informs the agency."),
        ],
        ["a"],
    ),
    "a correction two hours later is no other act": (
        [
            ("a", "03T08:00", "en", LISTED),
            ("a", "03T10:00", "en", LISTED.replace("six individuals", "seven individuals").replace("six Iranian", "seven Iranian")),
            ("b", "03T11:00", "es", "EE. UU. sanciona a Irán\nEstados Unidos impuso el martes sanciones a siete personas en Irán."),
        ],
        ["a"],
    ),
    "a number that grows is an update": (
        [
            ("a", "03T08:00", "en", LISTED),
            ("b", "03T15:00", "en", "US now sanctions eight\nThe United States imposed sanctions on eight individuals in Iran, up from six reported first."),
            ("c", "04T09:00", "tr", "ABD'den İran'a yaptırım\nABD İran'daki sekiz kişiye yaptırım uyguladı."),
        ],
        ["a"],
    ),
    "a further package days later is another act": (
        [
            ("a", "03T08:00", "en", LISTED),
            ("b", "08T08:00", "en", "US sanctions nine more in Iran\nThe United States imposed sanctions on nine individuals and three companies in Iran on Sunday."),
        ],
        ["a", "b"],
    ),
    "as many elsewhere are another act": (
        [
            ("a", "03T08:00", "en", LISTED),
            ("b", "03T12:00", "en", "US sanctions six in Belarus\nThe United States imposed sanctions on six individuals in Belarus."),
        ],
        ["a", "b"],
    ),
    "a running total is no act": (
        [("a", "03T08:00", "en", "US has sanctioned 64\nSince May the United States has imposed sanctions on a total of 64 individuals in Iran.")],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_announced_once_and_only_what_is_new(case: str) -> None:
    articles, wanted = CASES[case]
    assert announced(articles) == wanted
