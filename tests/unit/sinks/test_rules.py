from __future__ import annotations

from pathlib import Path

import pytest

from schemas.article import Entity
from sinks.alerts.channels_file import load_channels, outlets, parse_channels
from sinks.alerts.matching import rule_query
from sinks.alerts.rules import RuleError, load_rule, load_rules, rule_files, unknown_channels

GOOD = """\
id: watch-pyongyang
watch: articles
query:
  bool:
    filter:
      - term: {language: no}
      - range: {published_at: {gte: 2026-01-01}}
title: "$title ($source)"
"""


def _write(folder: Path, text: str, name: str = "rule.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _faults(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(RuleError) as caught:
        load_rule(path)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_the_built_in_rules_are_good() -> None:
    assert [rule.id for rule in load_rules(rule_files())] == ["new-sanctions-mention"]


def test_words_stay_words(tmp_path: Path) -> None:
    query = load_rule(_write(tmp_path, GOOD)).query
    assert query is not None
    filters = query["bool"]["filter"]
    assert filters == [
        {"term": {"language": "no"}},
        {"range": {"published_at": {"gte": "2026-01-01"}}},
    ]


def test_booleans_are_true_and_false_only(tmp_path: Path) -> None:
    assert load_rule(_write(tmp_path, GOOD + "enabled: false\n")).enabled is False
    assert _faults(_write(tmp_path, GOOD + "enabled: no\n"))[0][0] == 9


def test_every_fault_is_reported_with_its_line(tmp_path: Path) -> None:
    text = "id: Not Good\nwatch: tweets\nquery: {}\nseverity: urgent\nlevel: 3\n"
    faults = _faults(_write(tmp_path, text))
    assert [line for line, _ in faults] == [1, 2, 3, 4, 5]
    assert "there is no level" in faults[4][1]


def test_a_name_that_there_is_none_of_is_told_on_its_line_with_the_one_that_is_meant(tmp_path: Path) -> None:
    text = COUNTING.replace("owner:", "ownr:").replace("  zone:", "  zones:")
    assert _faults(_write(tmp_path, text)) == [
        (15, "there is no quiet_hours.zones; did you mean zone?"),
        (17, "there is no ownr; did you mean owner?"),
    ]


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ("key: designation_id", 9, "no field of articles"),
        ('title: "$nobody"', 8, "no field of articles"),
        ('title: "costs $5"', 8, "must begin a field's name"),
    ],
)
def test_unknown_fields_are_found_before_they_alert(tmp_path: Path, line: str, at: int, words: str) -> None:
    base = GOOD if line.startswith("key") else GOOD.partition("title:")[0]
    [(found, message)] = _faults(_write(tmp_path, base + line + "\n"))
    assert found == at
    assert words in message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("just words", 1),
        ("- a\n- list", 1),
        ("id: x\nquery: {a: [}\n", 2),
        ("id: x\nid: y\nwatch: articles\nquery: {match_all: {}}\n", 2),
        ("id: x\nwatch: articles\nquery:\n  bool: {must: [], must: []}\n", 4),
        ("id: x\nwatch: articles\nquery: !!python/object:os.system {}\n", 3),
        ("a: &a [*a]\n", 1),
        ("? [1, 2]\n: x\n", 1),
    ],
)
def test_a_broken_file_is_a_fault_and_not_a_crash(tmp_path: Path, text: str, line: int) -> None:
    assert _faults(_write(tmp_path, text))[0][0] == line


def test_a_file_that_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_bytes(b"id: \xff\xfe")
    assert "can't be read" in _faults(path)[0][1]


def test_two_files_can_not_hold_one_rule(tmp_path: Path) -> None:
    files = [_write(tmp_path, GOOD, "a.yaml"), _write(tmp_path, GOOD, "b.yaml")]
    with pytest.raises(RuleError, match="taken by"):
        load_rules(files)


def test_a_channel_that_there_is_none_of_is_told_on_its_line(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD + "channels:\n  - desk\n  - pigeon\n")
    assert list(map(str, unknown_channels([path], {"desk"}))) == [f"{path}:11: there is no channel pigeon"]


def test_the_second_of_two_files_is_told_where_its_id_stands(tmp_path: Path) -> None:
    files = [_write(tmp_path, GOOD, "a.yaml"), _write(tmp_path, "# mine\n" + GOOD, "b.yaml")]
    with pytest.raises(RuleError, match=r"b\.yaml:2: the id"):
        load_rules(files)


def test_a_missing_folder_of_rules_is_not_silence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rule_files(tmp_path / "absent")


COUNTING = """\
id: many-reports
type: frequency
watch: articles
words: ракет* | صواريخ | 导弹
where:
  lane: live
  event_types: [MOBILIZE, FIGHT]
query_key: [places]
window: 6h
count: 10
realert: 1d
quiet_hours:
  from: 22:00
  to: 07:00
  zone: Asia/Seoul
channels: [desk]
owner: Asia desk
titles:
  ko: "$source – $title"
"""


def test_a_counting_rule_is_read_as_it_is_written(tmp_path: Path) -> None:
    rule = load_rule(_write(tmp_path, COUNTING))
    assert (rule.counts, rule.span.total_seconds(), rule.pause.total_seconds()) == (True, 21_600, 86_400)
    assert rule.quiet_hours is not None
    assert (rule.quiet_hours.start, rule.quiet_hours.to) == ("22:00", "07:00")
    [words, lane, events] = rule_query(rule)["bool"]["filter"]
    russian, arabic, chinese = words["bool"]["should"]
    assert russian["bool"]["should"][1]["match_bool_prefix"]["text"]["query"] == "ракет"
    assert arabic["multi_match"]["fields"][2:] == ["title_ar^3", "text_ar", "title_fa^3", "text_fa"]
    assert chinese["multi_match"]["type"] == "phrase"
    assert lane == {"term": {"lane": "live"}}
    assert events == {"terms": {"event_types": ["MOBILIZE", "FIGHT"]}}


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("count: 10", "", 2, "type frequency needs count"),
        ("window: 6h", "window: six hours", 9, "does not match"),
        ("query_key: [places]", "query_key:\n  - places\n  - towns", 10, "'towns' is no field of articles"),
        ("  lane: live", "  lanes: live", 6, "'lanes' is no field of articles"),
        ("zone: Asia/Seoul", "zone: Asia/Soul", 15, "is no time zone"),
        ("from: 22:00", "from: 25:00", 13, "does not match"),
        ("count: 10", "count: 10\nfactor: 3.0", 11, "means nothing in a rule of type frequency"),
        ("count: 10", "count: 10\nkey: id", 11, "means nothing in a rule of type frequency"),
        ("type: frequency", "type: often", 2, "is not one of"),
        ('ko: "$source', 'ko: "$sources', 19, "$sources is no field of articles"),
    ],
)
def test_what_a_counting_rule_lacks_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, at: int, words: str
) -> None:
    assert old in COUNTING
    found = _faults(_write(tmp_path, COUNTING.replace(old, new)))
    assert any(line == at and words in message for line, message in found), found


@pytest.mark.parametrize(
    ("kind", "missing"),
    [("new", "terms"), ("spike", "factor"), ("cardinality", "of"), ("flatline", "window")],
)
def test_each_type_says_what_it_needs(tmp_path: Path, kind: str, missing: str) -> None:
    text = f"id: x\ntype: {kind}\nwatch: articles\nwords: x\n"
    assert (2, f"type: a rule of type {kind} needs {missing}") in _faults(_write(tmp_path, text))


def test_a_rule_that_asks_for_nothing_is_a_fault_but_for_designations(tmp_path: Path) -> None:
    assert "looks for nothing" in _faults(_write(tmp_path, "id: x\nwatch: articles\n"))[0][1]
    rule = load_rule(_write(tmp_path, "id: x\ntype: designation\nwatch: sanctions\nentities: [org-eu]\n"))
    assert rule.alert_key == "designation_id"
    assert {"term": {"decision": "new"}} in rule_query(rule)["bool"]["filter"]
    assert "issuer_ids" in str(rule_query(rule))


IRAN = Entity(id="state:IR", name="Iran")


def test_words_are_a_question_as_in_search(tmp_path: Path) -> None:
    text = "id: x\nwatch: articles\nlanguage: ar\nwords: Iran -place:Iran\n"
    query = rule_query(load_rule(_write(tmp_path, text)), lambda name: [IRAN] if name == "Iran" else [])
    [words, language] = query["bool"]["filter"]
    found = {"terms": {"entity_ids": ["state:IR"], "boost": 3}}
    assert found in words["bool"]["must"][0]["bool"]["should"]
    assert found in words["bool"]["must_not"][0]["bool"]["should"]
    assert language == {"term": {"language": "ar"}}


def test_words_on_acts_of_sanctions_ask_for_their_fields(tmp_path: Path) -> None:
    text = 'id: x\nwatch: sanctions\nwords: Iran act:imposed issuer:"European Union" -measure:travel_ban\n'
    query = str(rule_query(load_rule(_write(tmp_path, text)), lambda name: [IRAN] if name == "Iran" else []))
    for field in ("'act'", "'issuers'", "'measures'", "'issuer_ids'", "'target_ids'"):
        assert field in query
    assert "sanction_" not in query
    assert "entity_ids" not in query


@pytest.mark.parametrize(
    ("watch", "words", "line", "message"),
    [
        ("articles", "words: bank “asset freeze", 3, "words: this quote isn't closed (at character 6)"),
        ("articles", "words: |\n  (bank OR\n  firm))\n", 5, "words: this bracket was never opened (at character 15)"),
        ("articles", "words: bank since:7d", 3, "is a time, which a rule can't ask for"),
        ("articles", "words: bank colour:red", 3, "there is no field colour"),
        ("articles", "words: act:imposd", 3, "act: is one of"),
        ("articles", "words: '-'", 3, "there is no word in it"),
        ("sanctions", "words: (bank person:Smith)", 3, "person: is no field of sanctions (at character 7)"),
    ],
)  # fmt: skip
def test_a_fault_in_words_is_told_with_its_place(
    tmp_path: Path, watch: str, words: str, line: int, message: str
) -> None:
    [(at, told)] = _faults(_write(tmp_path, f"id: x\nwatch: {watch}\n{words}\n"))
    assert (at, message in told) == (line, True), told


def test_a_watchlist_is_a_condition_on_articles(tmp_path: Path) -> None:
    text = "id: x\nwatch: articles\nwatchlists: [ofac, desk]\n"
    assert rule_query(load_rule(_write(tmp_path, text))) == {
        "bool": {"filter": [{"terms": {"watchlists": ["ofac", "desk"]}}]}
    }
    assert _faults(_write(tmp_path, text.replace("articles", "sanctions")))[0][0] == 3


CHANNELS = """\
desk:
  type: slack
  url: $DESK_URL
  language: ar
mail:
  type: email
  host: smtp.example.org
  from: wirewatch@example.org
  to: [desk@example.org]
  password: $MAIL_PASSWORD
  digest: 1h
  severity: warning
tele:
  type: telegram
  url: https://api.telegram.org/bot1:x/sendMessage
  chat_id: "-100"
  default: false
"""


def test_channels_are_read_and_their_secrets_come_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    _write(tmp_path, GOOD)
    assert len(load_rules(rule_files(tmp_path))) == 2, "the file of channels is no rule"
    channels = load_channels(tmp_path)
    made = outlets(channels, {"DESK_URL": "https://hooks.example/1", "MAIL_PASSWORD": "p"})
    assert [(each.name, each.gathers, each.default) for each in made] == [
        ("desk", True, True), ("mail", True, True), ("tele", True, False),
    ]  # fmt: skip
    assert made[1].digest.total_seconds() == 3600
    with pytest.raises(RuleError, match=r"desk: \$DESK_URL is not set"):
        outlets(channels, {"MAIL_PASSWORD": "p"})


def test_a_channel_whose_variable_has_a_name_without_end_is_told_shortly() -> None:
    channels = parse_channels(f"desk:\n  type: slack\n  url: $A{'9' * 9000}\n")
    with pytest.raises(RuleError) as refused:
        outlets(channels, {})
    assert len(str(refused.value)) < 2000


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("type: slack", "type: pigeon", 2),
        ("url: $DESK_URL", "url: ftp://x", 3),
        ("language: ar", "language: la", 4),
        ("host: smtp.example.org", "hosts: x", 6),
        ("digest: 1h", "digest: hourly", 11),
        ("mail:", "console:", 5),
        ("  digest: 1h", "  security: none\n  username: w", 11),
        ("to: [desk@example.org]", 'to: ["a@b.c\\r\\nBcc: d@e.f"]', 9),
    ],
)
def test_a_faulty_channel_is_told_with_its_line(old: str, new: str, at: int) -> None:
    with pytest.raises(RuleError) as caught:
        parse_channels(CHANNELS.replace(old, new))
    assert at in [fault.line for fault in caught.value.faults], str(caught.value)
