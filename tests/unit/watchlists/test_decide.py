"""Who is meant: a name that tells is a hit, one that many bear needs something else that fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from processors.watchlists import Context, Entry, Named
from processors.watchlists.decide import Candidate, Verdict, decide
from processors.watchlists.distinctness import Distinctness, distinctness, is_acronym, telling_words
from schemas.article import MentionType

New = Callable[..., Entry]


def verdict(
    listed: Entry, mention: str, kind: MentionType = "PER", likeness: float = 1.0, **context: object
) -> Verdict:
    weak = {name for name, weak in listed.names() if weak}
    name = mention if mention in dict(listed.names()) else listed.name
    candidate = Candidate(listed, name, likeness, ("same letters",), weak=name in weak)
    return decide(candidate, mention, kind, Context(**context))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("محمد علي", "common"), ("Kim Min-su", "common"), ("王伟", "common"), ("Ali Hassan", "common"),
        ("Сергей Иванов", "common"), ("María García", "common"), ("Mehmet Yılmaz", "common"), ("김민수", "common"),
        ("محمد رضایی", "common"), ("Hans Müller", "common"), ("Jean Dupont", "common"), ("Wang Wei", "common"),
        ("Nguyen Van Minh", "common"), ("Velikoslov", "common"), ("مظفريان", "common"), ("حاجی علی", "common"),
        ("الحسن محمد", "common"), ("Dr. Ali Hassan", "common"), ("Ali bin Hassan", "common"),
        ("Kim Yong Bok", "short"), ("高桢", "short"), ("김정은", "short"), ("Xi Wenping", "short"),
        ("Mohammed Ali Hassan", "short"),
        ("Viktor Butuzov", "telling"), ("李尚福", "telling"), ("فرهاد مظفریان", "telling"), ("Сергей Великослов", "telling"),
        ("Mohammed Ali Hassan Ibrahim", "telling"), ("Kim Velikoslov", "telling"),
        ("Arkady Venediktovich Velikoslov", "unique"), ("Сергей Аркадьевич Великослов", "unique"),
        ("安德烈·库兹涅佐夫斯基", "unique"), ("", "common"), ("123", "common"), ("👍", "common"),
    ],
)  # fmt: skip
def test_how_telling_a_persons_name_is(name: str, expected: Distinctness) -> None:
    assert distinctness(name, "PER") == expected


@pytest.mark.parametrize(
    ("name", "expected", "telling"),
    [
        ("Ministry of Defence", "common", ""), ("وزارة الدفاع", "common", ""), ("中国银行", "common", "中国"),
        ("National Bank", "common", "national"), ("Golden Star Trading", "common", "golden star"),
        ("ПАО Банк Восход", "common", "восход"), ("شركة النور للتجارة", "common", "النور"),
        ("Tarsin Company", "short", "tarsin"), ("ООО Тарсин", "short", "тарсин"), ("청운무역회사", "short", "청운"),
        ("شركة سبلان", "short", "سبلان"), ("Şirket Velikos", "short", "velikos"),
        ("Tarsin Star Ltd", "telling", "tarsin star"), ("拓锋系统公司", "telling", "拓锋系统"),
        ("Tarsin Marlow Ltd", "unique", "tarsin marlow"),
    ],
)  # fmt: skip
def test_how_telling_a_bodys_name_is(name: str, expected: Distinctness, telling: str) -> None:
    assert distinctness(name, "ORG") == expected
    assert telling_words(name) == telling.replace("ة", "ه")


@pytest.mark.parametrize(("name", "is_one"), [("IRGC", True), ("КСИР", True), ("Tarsin", False), ("حماس", False), ("TARSINOV", False), ("", False)])  # fmt: skip
def test_acronyms(name: str, is_one: bool) -> None:
    assert is_acronym(name) is is_one


@pytest.mark.parametrize(
    "name", ["Ali Hassan", "محمد علي", "Kim Min-su", "王伟", "Сергей Иванов", "Velikoslov"]
)
def test_a_common_name_alone_is_never_a_hit(entry: New, name: str) -> None:
    listed = entry("1", name, countries=("IQ",), birth_dates=("1959-07-01",))
    assert not verdict(listed, name).is_hit
    assert not verdict(listed, name, countries=frozenset({"IQ", "US"})).is_hit
    assert not verdict(listed, name, beside=frozenset({"US"})).is_hit
    assert "needs the country beside it" in verdict(listed, name).why


def test_what_decides_for_a_common_name(entry: New) -> None:
    listed = entry(
        "1", "Ali Hassan", "Abdulsattar Mukhlis", weak="Abu Tariq", countries=("IQ",), birth_dates=("1959-07-01",),
        wikidata="Q99999901",
    )  # fmt: skip
    told = {
        "IQ in the article": verdict(listed, "Ali Hassan", beside=frozenset({"IQ"})),
        "born 1959": verdict(listed, "Ali Hassan", text="Ali Hassan (born 1 July 1959) said"),
        "also named as Abdulsattar Mukhlis": verdict(
            listed, "Ali Hassan", others=(Named("Abdulsattar Mukhlis"),)
        ),
        "also named as Abu Tariq": verdict(listed, "Ali Hassan", others=(Named("Abu Tariq"),)),
        "the same Wikidata id, Q99999901": verdict(listed, "Ali Hassan", wikidata="Q99999901"),
    }
    for why, found in told.items():
        assert found.is_hit, why
        assert found.why.endswith(why)
    assert told["IQ in the article"].score < told["born 1959"].score == 1.0
    assert verdict(listed, "Ali Hassan", text="علي حسن، من مواليد ١٩٥٩").is_hit
    assert not verdict(listed, "Ali Hassan", text="19590701 and 21959").is_hit


def test_the_country_whose_news_it_is_tells_nothing(entry: New) -> None:
    listed = entry("1", "Сергей Иванов", countries=("RU",))
    beside = {"beside": frozenset({"RU"}), "countries": frozenset({"RU"})}
    assert verdict(listed, "Сергей Иванов", **beside).is_hit
    assert not verdict(listed, "Сергей Иванов", home=frozenset({"RU"}), **beside).is_hit


def test_a_common_name_spelt_otherwise_needs_more_than_a_country(entry: New) -> None:
    listed = entry("1", "Ali Hassan", countries=("IQ",))
    assert not verdict(listed, "Ali Hasani", likeness=0.9, beside=frozenset({"IQ"})).is_hit


def test_another_wikidata_id_is_someone_else(entry: New) -> None:
    listed = entry("1", "Arkady Venediktovich Velikoslov", wikidata="Q99999901", birth_dates=("1964",))
    found = verdict(listed, listed.name, wikidata="Q99999902", text="1964")
    assert (found.is_hit, found.score) == (False, 0.0)
    assert "another Wikidata id" in found.why
    assert verdict(listed, listed.name).is_hit


def test_a_telling_name_is_a_hit_unless_the_article_is_about_elsewhere(entry: New) -> None:
    listed = entry("1", "Viktor Butuzov", countries=("RU",))
    assert verdict(listed, "Viktor Butuzov").is_hit
    assert verdict(listed, "Viktor Butuzov", countries=frozenset({"RU", "DE"}), home=frozenset({"RU"})).is_hit
    elsewhere = verdict(listed, "Viktor Butuzov", countries=frozenset({"BR"}))
    assert not elsewhere.is_hit
    assert "none of its countries" in elsewhere.why
    assert (
        verdict(listed, "Viktor Butuzov", countries=frozenset({"BR"}), wikidata=None, others=()).is_hit
        is False
    )
    assert verdict(entry("1", "Viktor Butuzov"), "Viktor Butuzov", countries=frozenset({"BR"})).is_hit


def test_a_unique_name_is_a_hit_anywhere(entry: New) -> None:
    listed = entry("1", "Arkady Venediktovich Velikoslov", countries=("RU",))
    assert verdict(listed, listed.name, countries=frozenset({"BR"})).is_hit


def test_a_weak_alias_needs_another_name_of_the_entry(entry: New) -> None:
    listed = entry("1", "Arkady Velikoslov", weak="Zmey Gorynych Velikan", countries=("RU",))
    alone = verdict(listed, "Zmey Gorynych Velikan", countries=frozenset({"RU"}), beside=frozenset({"RU"}))
    assert not alone.is_hit
    assert "weak" in alone.why
    named = verdict(listed, "Zmey Gorynych Velikan", others=(Named("Arkady Velikoslov"),))
    assert named.is_hit


def test_an_acronym_needs_the_full_name(entry: New) -> None:
    listed = entry("1", "Tarsin Oil Marine Exports", "TOME", kind="organisation", countries=("IR",))
    assert not verdict(listed, "TOME", "ORG", countries=frozenset({"IR"}), beside=frozenset({"IR"})).is_hit
    assert verdict(listed, "TOME", "ORG", others=(Named("Tarsin Oil Marine Exports"),)).is_hit


def test_general_words_of_a_body_do_not_count(entry: New) -> None:
    listed = entry("1", "Central Bank of Tarsinia", kind="organisation", countries=("IR",))
    found = verdict(listed, "Central Bank of Velikoslovia", "ORG", 0.9, beside=frozenset({"IR"}))
    assert not found.is_hit
    assert "general words" in found.why


@pytest.mark.parametrize(
    ("kind", "mention", "is_hit"),
    [("person", "PER", True), ("person", "ORG", False), ("organisation", "ORG", True), ("organisation", "PER", False), ("organisation", "LOC", False), ("vessel", "LOC", True), ("vessel", "PER", False), ("other", "PER", True)],
)  # fmt: skip
def test_the_kind_must_match(entry: New, kind: str, mention: MentionType, is_hit: bool) -> None:
    listed = entry("1", "Arkadis Venedikt Velikoslov", kind=kind)
    assert verdict(listed, listed.name, mention).is_hit is is_hit


def test_a_ship_is_told_by_its_number(entry: New) -> None:
    listed = entry("1", "OCEAN STAR", kind="vessel", imo="9999023", countries=("PA",))
    assert not verdict(listed, "Ocean Star", "ORG").is_hit
    assert verdict(listed, "Ocean Star", "ORG", text="the tanker Ocean Star (IMO 9999023)").is_hit
    assert not verdict(listed, "Ocean Star", "ORG", text="call 99990231").is_hit


def test_someone_elses_second_name_does_not_count(entry: New) -> None:
    listed = entry("1", "Ali Hassan", "Ali Hassan Said", countries=("IQ",))
    assert not verdict(listed, "Ali Hassan", others=(Named("Hassan"), Named("Umar Said"))).is_hit
