"""What a mention says that its act is on, and what is named around it."""

from __future__ import annotations

import msgspec
import pytest

from processors.designations import decide, mention_records
from schemas.article import Article, Clean, Entity, Language, Mention, MentionType, Party, Raw, Sanction, Span
from schemas.designation import SanctionMention

US = Party(text="US", name="United States", entity="state:US")
MEXICO = Party(text="Mexican", name="Mexico", entity="state:MX")
FIRMS = Party(text="firms")
HEZBOLLAH = Entity(id="org:Hezbollah", name="Hezbollah")


def named(article: Article, words: str, kind: MentionType, entity: Entity) -> Article:
    """The article with a mention of the first such words in it."""
    field = "title" if words in article.field_text("title") else "text"
    start = article.field_text(field).index(words)  # type: ignore[arg-type]
    fresh = Mention(
        field=field,
        start=start,
        end=start + len(words),
        type=kind,
        confidence=0.9,
        entity=entity,  # type: ignore[arg-type]
    )
    return msgspec.structs.replace(article, mentions=[*article.mentions, fresh])


def article(
    title: str, *lines: str, language: str = "en", evidence: tuple[str, ...] = ("title",), number: int = 0,
    targets: tuple[Party, ...] = (),
) -> Article:  # fmt: skip
    """An article with one act of the US, told in its title, or in the first line, or in both."""
    clean = Clean(title=title, text="\n".join(lines))
    spans = {
        "title": Span(field="title", start=0, end=len(title)),
        "text": Span(field="text", start=0, end=len(lines[0]) if lines else 0),
    }
    sanction = Sanction(
        act="imposed",
        evidence=[spans[one] for one in evidence],
        confidence=0.9,
        issuers=[US],
        targets=list(targets),
    )
    return Article(
        id=f"a{number}", source="outlet.example", fetched_at=f"2026-03-0{1 + number}T08:00:00Z", revision=1,
        raw=Raw(content=title), language=Language(code=language, confidence=1.0), clean=clean, sanctions=[sanction],
    )  # fmt: skip


def told(one: Article) -> SanctionMention:
    ((_, mention),) = mention_records(one)
    return mention


def test_a_headline_says_what_the_act_is_on_before_its_targets() -> None:
    mention = told(article("US hits Iranian oil trade", "Tankers carried oil to China.", targets=(MEXICO,)))
    assert mention.subjects == ["state:IR"]
    assert mention.about == ["state:MX", "state:IR", "state:CN"]


def test_where_the_headline_tells_of_something_else_its_targets_say_it() -> None:
    mention = told(article("Iran protests", "New sanctions.", evidence=("text",), targets=(MEXICO,)))
    assert mention.subjects == ["state:MX"]
    assert mention.about == ["state:MX", "state:IR"]


def test_the_issuer_its_leader_and_its_bodies_are_nothing_that_it_is_on() -> None:
    treasury = Entity(id="org:US-treasury", name="Treasury")
    one = article("Trump sanctions Iran", "Treasury and Office spoke.")
    assert told(named(one, "Office", "ORG", treasury)).about == ["state:IR"]


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        ("en", "ANKARA, March 3 (Agency) - The United States imposed sanctions on Hezbollah."),
        ("ru", "АНКАРА, 3 марта (Agency) - США ввели санкции против Hezbollah."),
        ("zh", "本报安卡拉3月3日电 美国制裁 Hezbollah。"),
        ("ar", "أنقرة (Agency) - فرضت واشنطن عقوبات على Hezbollah."),
    ],
)
def test_a_dateline_names_nothing_that_it_is_about(language: str, lead: str) -> None:
    one = named(article("-", lead, language=language), "Hezbollah", "ORG", HEZBOLLAH)
    if "Agency" in lead:
        one = named(one, "Agency", "ORG", Entity(id="org:agency", name="Agency"))
    assert told(one).about == ["org:Hezbollah"]


def test_who_speaks_is_left_out_and_a_name_made_of_sounds_too() -> None:
    one = article("Sanctions", "Jane Doe said Sea Star and Hezbollah were sanctioned.")
    one = named(one, "Jane Doe", "PER", Entity(id="per:jane-doe", name="Jane Doe"))
    one = named(one, "Sea Star", "ORG", Entity(id="org:~s-str", name="Sea Star"))
    assert told(named(one, "Hezbollah", "ORG", HEZBOLLAH)).about == ["org:Hezbollah"]


def test_below_the_lead_only_evidence_counts() -> None:
    lines = ["One.", "Two.", "Three.", "Iran and Sudan were named before."]
    assert told(article("US sanctions Cuba", *lines)).about == ["state:CU"]


def decisions(*articles: Article) -> list[str | None]:
    memory: dict[str, bytes] = {}
    return [decide(told(one), memory)[0].decision for one in articles]


def test_two_acts_of_one_issuer_on_different_things_are_two_though_neither_counts() -> None:
    iran = article("US hits Iranian oil trade with sanctions", targets=(FIRMS,))
    sudan = article("US sanctions recruiters for Sudan's war", number=1, targets=(FIRMS,))
    again = article("США ввели санкции против нефти Ирана", language="ru", number=2)
    assert decisions(iran, sudan, again) == ["new", "new", "further_source"]


def test_what_one_is_on_may_stand_further_down_in_the_other() -> None:
    firms = article("US adds firms to its list", "The firms are Chinese.", number=0, targets=(MEXICO,))
    chinese = article("US sanctions Chinese firms", number=1)
    assert decisions(firms, chinese) == ["new", "further_source"]


def test_what_names_nothing_is_news_of_the_last_act() -> None:
    iran = article("US hits Iranian oil trade with sanctions", targets=(FIRMS,))
    vague = article("Washington announces sanctions", number=1)
    assert decisions(iran, vague) == ["new", "further_source"]
