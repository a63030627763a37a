"""The query language: what it says, and where a fault is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Entity
from sinks.elasticsearch.query import FIELDS, QueryError, Question, Reading, ask, parse
from sinks.elasticsearch.query.parser import DEPTH_MAX, LEAVES_MAX
from sinks.elasticsearch.query.syntax import All, Begin, Either, Field, Node, Not, Phrase, Range, Words

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
KIM = Entity(id="per:kim", name="Kim Jong Un")
IRAN = Entity(id="state:IR", name="Iran")
KNOWN = {"Kim Jong Un": KIM, "كيم جونغ أون": KIM, "Iran": IRAN, "伊朗": IRAN}


def meant(name: str) -> list[Entity]:
    return [KNOWN[name]] if name in KNOWN else []


def query(q: str, **chosen: Any) -> str:
    asked = ask(Question(q=q, **chosen), Reading(meant=meant, now=NOW))
    return json.dumps(asked.query, ensure_ascii=False)


def brief(node: Node | None) -> str:  # noqa: PLR0911
    """The tree in one line."""
    match node:
        case None:
            return ""
        case Words():
            return node.text
        case Phrase(text=text):
            return f"'{text}'"
        case Begin(stem=stem):
            return f"{stem}*"
        case Not(node=inner):
            return f"not {brief(inner)}"
        case All(nodes=nodes):
            return f"({' & '.join(map(brief, nodes))})"
        case Either(nodes=nodes):
            return f"({' | '.join(map(brief, nodes))})"
        case Field(name=name, value=value):
            return f"{name}={brief(value)}"
        case Range(lower=lower, upper=upper, above=above, below=below):
            return f"{'>' if above else ''}{lower}..{'<' if below else ''}{upper}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("  \u200f ", ""),
        ("sanctions Iran", "sanctions Iran"),
        ("Iran OR Russia sanctions", "(Iran | Russia sanctions)"),
        ("a | b AND c", "(a | (b & c))"),
        ("(a OR b) c", "((a | b) & c)"),
        ("-football NOT chess x", "(not football & not chess & x)"),
        ("a -(b c)", "(a & not b c)"),
        ("state-owned - x", "state-owned x"),
        ('"asset freeze" x', "('asset freeze' & x)"),
        ("“asset freeze”", "'asset freeze'"),
        ("«санкции против»", "'санкции против'"),
        ("「制裁」", "'制裁'"),
        ("\u200fعقوبات\u200e أمريكية", "عقوبات أمريكية"),
        ("تحریم‌های", "تحریم‌های"),
        ("（制裁｜半导体） 中国", "((制裁 | 半导体) & 中国)"),
        ("sanc*", "sanc*"),
        ("制裁*", "制裁*"),
        ("place:Iran", "place=Iran"),
        ("PLACE:Iran", "place=Iran"),
        ("place：伊朗", "place=伊朗"),
        ("place: Iran", "place=Iran"),
        ("place:(North Korea OR Iran)", "place=(North Korea | Iran)"),
        ("place:(-Iran)", "place=not Iran"),
        ('issuer:"European Union" -act:lifted', "(issuer='European Union' & not act=lifted)"),
        ("source:bbc.*", "source=bbc.*"),
        ("since:7d", "since=7d..7d"),
        ("published:2026-03-01..2026-03-07", "published=2026-03-01..2026-03-07"),
        ("published:..2026-03", "published=..2026-03"),
        ("fetched:[2026-03-01 TO *]", "fetched=2026-03-01.."),
        ("fetched:>2026-03-01", "fetched=>2026-03-01.."),
        ("fetched:<=2026-03-01", "fetched=..2026-03-01"),
        ("12:30 https://x.example/a:b", "12:30 https://x.example/a:b"),
        ("Breaking: talks resume", "Breaking: talks resume"),
        ("and or not", "and or not"),
        ("+must & , have", "must have"),
        ("😀", "😀"),
        ("*", ""),
        ("Iran *", "Iran"),
    ],
)
def test_what_a_question_says(text: str, said: str) -> None:
    assert brief(parse(text)) == said


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ('Iran "asset freeze', 5, "quote isn't closed"),
        ("Iran (a OR b", 5, "bracket isn't closed"),
        ("Iran (", 5, "bracket isn't closed"),
        ("Iran) x", 4, "never opened"),
        ("a OR", 2, "both sides"),
        ("OR a", 0, "both sides"),
        ("a OR OR b", 5, "both sides"),
        ("a AND", 2, "both sides"),
        ("AND a", 0, "both sides"),
        ("a AND AND b", 2, "both sides"),
        ("x NOT", 2, "something after"),
        ("x ()", 2, "nothing in this bracket"),
        ('x ""', 2, "nothing between"),
        ("عقوبات plaec:x", 7, "no field plaec"),
        ("place:", 0, "needs a value"),
        ("place:(a source:b)", 9, "can't stand inside"),
        ("place:[a TO b]", 6, "has no range"),
        ("fetched:[2026 2027]", 8, "[from TO to]"),
        ("fetched:[2026", 8, "isn't closed"),
        ("x **", 2, "word's end"),
        ("place:*", 0, "needs a value"),
        ("x a*", 3, "word's end"),
        ("sanc*ion", 4, "word's end"),
        ("*tion", 0, "word's end"),
        ("x act:imposd", 6, "one of imposed"),
        ("x since:tomorow", 8, "no time"),
        ("published:2026-02-30", 10, "no time"),
        ("a " * LEAVES_MAX + "b", 2 * LEAVES_MAX, f"more than {LEAVES_MAX}"),
        (
            "(" * (DEPTH_MAX + 2) + "a" + ")" * (DEPTH_MAX + 2),
            DEPTH_MAX + 1,
            f"more than {DEPTH_MAX} brackets",
        ),
        ("NOT " * 100 + "a", 4 * (DEPTH_MAX + 1), f"more than {DEPTH_MAX} brackets"),
        ("x" * 201, 0, "200 characters"),
        ("x " * 1500, 2000, "2000 characters"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, at: int, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        query(text)
    assert (caught.value.at, caught.value.parameter) == (at, "q")
    assert told in caught.value.message


@given(st.text(st.sampled_from('ab "()|-*:،制 ن\u200f«»[]<>.TOANDR'), max_size=60) | st.text(max_size=200))
def test_whatever_is_typed_is_a_query_or_a_fault_in_it(text: str) -> None:
    built, at = "", 0
    try:
        built = query(text)
    except QueryError as error:
        at = error.at
    assert 0 <= at <= len(text)
    for hostile in ("query_string", "script", "regexp", "wildcard", "percolate"):
        assert f'"{hostile}": {{' not in built


@given(
    st.lists(
        st.sampled_from(["Iran", "عقوبات", "制裁", '"a b"', "sanc*", "place:Iran", "since:7d"]),
        min_size=1,
        max_size=8,
    )
)
def test_what_can_be_said_alone_can_be_said_together(parts: list[str]) -> None:
    joined = parse(" OR ".join(parts))
    assert isinstance(joined, Either) == (len(parts) > 1)
    assert query(" ".join(parts))
    assert query(f"({' AND '.join(parts)}) -x")


def test_the_searchers_words_are_values_and_never_names_of_fields() -> None:
    found = query('"a}]}" title:{x}')
    assert '"query": "a}]}"' in found


def test_a_name_is_found_by_whom_it_means_inside_a_longer_question() -> None:
    built = json.loads(query("sanctions Kim Jong Un"))
    [run] = built["bool"]["must"]
    words = run["bool"]["must"]
    ids = [
        each["terms"]["entity_ids"]
        for word in words
        for each in word.get("bool", {}).get("should", [])
        if "terms" in each
    ]
    assert len(words) == 4
    assert ids == [["per:kim"]] * 3


@pytest.mark.parametrize("name", ["Iran", "伊朗"])
def test_a_place_is_found_in_any_script_and_an_issuer_by_its_english_name(name: str) -> None:
    assert '"state:IR"' in query(f"place:{name}")
    assert '"value": "Iran"' in query(f"issuer:{name}")
    assert query("", place=(name,)) != query("", issuer=(name,))
    assert '"state:IR"' not in query(f"person:{name}")


def test_a_word_is_looked_for_in_the_languages_of_its_script() -> None:
    assert "text_ru" in query("санкции")
    assert "text_ru" not in query("sanctions")
    assert "text_fa" not in query("عقوبات", language=("ar",))
    assert "text_ar" in query("عقوبات", language=("ar",))


def test_han_words_stand_as_they_are_written() -> None:
    assert '"type": "phrase"' in query("制裁")
    assert '"type": "phrase"' not in query("sanctions")


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("٢٠٢٦-٠٣-٠١", "2026-03-01"),
        ("7d", "2026-03-03T12:00:00.000+00:00"),
        ("90m", "2026-03-10T10:30:00.000+00:00"),
        ("today", "2026-03-10"),
        ("yesterday", "2026-03-09"),
        ("2026-03-01T08:00+03:00", "2026-03-01T05:00:00.000+00:00"),
    ],
)
def test_times(written: str, stands: str) -> None:
    assert f'{{"gte": "{stands}"}}' in query(f"since:{written}")
    assert f'{{"lte": "{stands}"}}' in query("", until=written)


def test_a_faulty_choice_names_its_parameter() -> None:
    for chosen, name in (
        ({"act": ("x",)}, "act"),
        ({"since": "x"}, "since"),
        ({"source": ("",)}, "source"),
        ({"person": ("a",) * 21}, "person"),
    ):
        with pytest.raises(QueryError) as caught:
            query("", **chosen)
        assert caught.value.parameter == name


def test_every_field_can_be_asked_for() -> None:
    for name, field in FIELDS.items():
        value = field.values[0] if field.values else "2026" if field.kind == "time" else "x"
        assert field.stored[0] in query(f"{name}:{value}")
