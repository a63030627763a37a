from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from schemas.article import Party
from sinks.alerts.atom import ATOM, ENTRIES_MAX, AtomChannel, atom_feed
from sinks.alerts.build import build_alert
from sinks.alerts.chat import slack_payloads, teams_payloads, telegram_payloads
from sinks.alerts.mail import compose
from sinks.alerts.message import Message, Notice, clean, message, notice
from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.sink import watched_document
from sinks.alerts.wording import FALLBACK, languages, wording
from sinks.elasticsearch.documents import AlertDocument
from tests.unit.sinks.records import SENTENCE, mention

[BUILTIN] = load_rules(rule_files())
NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
LANGUAGES = {"en", "ar", "fa", "ru", "ko", "zh", "tr", "fr", "es", "de"}
HOSTILE = (
    '<!channel> @here [tap](https://evil.example) *b* </b><script>x</script> & "q" \u202eend\x1b[2J\u2028'
)


def _alert(**changes: Any) -> AlertDocument:
    document = watched_document(mention(), "sanctions")
    assert document is not None
    return msgspec.structs.replace(build_alert(BUILTIN, document, NOW), **changes)


def _notice(**changes: Any) -> Notice:
    return notice(_alert(**changes), "first.example", 3)


def _message(language: str = "en", **changes: Any) -> Message:
    return message(_notice(**changes), language)


def test_every_language_has_every_word() -> None:
    assert set(languages()) == LANGUAGES
    assert {frozenset(words) for words in wording().values()} == {frozenset(wording()[FALLBACK])}


@pytest.mark.parametrize(
    ("language", "heading", "fact"),
    [
        ("ar", "عاجل: فرض عقوبات: \u2068United States Treasury\u2069 – أفراد: 3 (akhbar.example)", "أول من أورد الخبر"),
        ("fa", "فوری: اعمال تحریم: \u2068United States Treasury\u2069 – افراد: 3 (akhbar.example)", "نخستین منبع"),
        ("ru", "Срочно: Введены санкции: \u2068United States Treasury\u2069 – физические лица: 3 (akhbar.example)", "Сообщил первым"),
        ("ko", "긴급: 제재 부과: \u2068United States Treasury\u2069 – 개인: 3 (akhbar.example)", "최초 보도"),
        ("zh", "紧急: 实施制裁: \u2068United States Treasury\u2069 – 个人: 3 (akhbar.example)", "最早报道"),
        ("en", "Urgent: United States Treasury imposes sanctions on 3 individuals (akhbar.example)", "First reported by"),
    ],
)  # fmt: skip
def test_a_reader_is_told_in_their_language(language: str, heading: str, fact: str) -> None:
    told = _message(language)
    assert told.heading == heading
    assert told.evidence == SENTENCE, "evidence stays in the article's own words"
    assert (fact, "first.example") in told.facts
    assert told.facts[2][1] == "3"
    assert told.link == "https://akhbar.example/1"


def test_a_rule_may_say_it_itself_in_a_language() -> None:
    rule = msgspec.structs.replace(BUILTIN, titles={"de": "Neu: $summary"})
    document = watched_document(mention(), "sanctions")
    assert document is not None
    told = message(notice(build_alert(rule, document, NOW)), "de")
    assert told.title == "Neu: Sanktionen verhängt: \u2068United States Treasury\u2069 – Personen: 3"


@given(st.text())
def test_what_is_told_keeps_its_direction_to_itself(text: str) -> None:
    cleaned = clean(text)
    depth = 0
    for each in cleaned:
        depth += {"\u2068": 1, "\u2069": -1}.get(each, 0)
        assert depth >= 0
    assert depth == 0
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\n\r\x1b")
    cleaned.encode("utf-8")


def test_only_the_web_is_linked() -> None:
    assert _message(url="javascript:alert(1)").link is None


def test_slack_takes_no_orders_from_an_article() -> None:
    [payload] = slack_payloads([_message(title=HOSTILE, text=HOSTILE)])
    text = payload["text"]
    assert payload["mrkdwn"] is False
    assert "<!channel>" not in text
    assert "@here" not in text
    assert "](https://evil" not in text
    assert text.count("<") == 1, "the source's own link and nothing else"
    assert "<https://akhbar.example/1>" in text


def test_telegram_html_has_our_tags_only() -> None:
    [payload] = telegram_payloads([_message(title=HOSTILE, text=HOSTILE)], "42")
    assert payload["parse_mode"] == "HTML"
    root = html.fragment_fromstring(payload["text"], create_parent="div")
    assert [each.tag for each in root.iterdescendants()] == ["b", "a"]
    assert next(root.iter("a")).get("href") == "https://akhbar.example/1"


def test_a_teams_card_holds_text_as_runs() -> None:
    [payload] = teams_payloads([_message("fa", title=HOSTILE, titles=[], text=HOSTILE)])
    card = payload["attachments"][0]["content"]
    assert (card["type"], card["rtl"], card["lang"]) == ("AdaptiveCard", True, "fa")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert '"TextBlock"' not in json.dumps(payload)


@pytest.mark.parametrize(
    "payloads", [slack_payloads, teams_payloads, lambda some: telegram_payloads(some, "1")]
)
def test_many_alerts_are_few_messages_and_none_is_missing(payloads: Any) -> None:
    many = [_message(title=f"number {n}.", text="ن" * 2000) for n in range(100)]
    made = payloads(many)
    assert 1 <= len(made) <= 10
    told = json.dumps(made)
    assert all(f"number {n}." in told for n in range(100))
    assert all(len(each.get("text", "")) <= 12_000 for each in made)


def test_a_long_alert_is_cut_to_what_telegram_takes() -> None:
    [payload] = telegram_payloads([_message(title="<" * 300, text="&" * 2000)], "1")
    shown = html.fragment_fromstring(payload["text"], create_parent="div").text_content()
    assert len(shown.encode("utf-16-le")) // 2 <= 4096


def test_a_mail_is_text_and_html_and_forges_no_header() -> None:
    mail = compose(
        [_message(title=f"x\r\nBcc: evil@example.org{HOSTILE}", text=HOSTILE)], "w@e.org", ["d@e.org"]
    )
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    text, page = (part.get_content() for part in mail.iter_parts())
    assert HOSTILE.split(maxsplit=1)[0] in text
    root = html.document_fromstring(page)
    assert root.find(".//script") is None
    assert [each.get("href") for each in root.iter("a")] == ["https://akhbar.example/1"]
    assert next(root.iter("blockquote")).get("dir") == "auto"
    assert mail.as_bytes()


def test_a_mail_sent_twice_is_one_by_its_id() -> None:
    first, second = (compose([_message()], "w@e.org", ["d@e.org"]) for _ in range(2))
    other = compose([_message(id="other")], "w@e.org", ["d@e.org"])
    assert first["Message-ID"] == second["Message-ID"] != other["Message-ID"]


def _entries(feed: bytes) -> list[Any]:
    return etree.fromstring(feed).findall(f"{{{ATOM}}}entry")


def test_a_feed_is_a_rule_with_its_alerts() -> None:
    feed = atom_feed("r", [_notice(text=HOSTILE + "\x00\ufffe\ud800")], "ru")
    [entry] = _entries(feed)
    assert entry.findtext(f"{{{ATOM}}}id") == f"urn:wirewatch:alert:{_alert().id}"
    assert entry.find(f"{{{ATOM}}}summary").get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert entry.find(f"{{{ATOM}}}link").get("href") == "https://akhbar.example/1"


def test_an_alert_stands_in_its_feed_once(tmp_path: Path) -> None:
    channel = AtomChannel("feeds", tmp_path / "feeds")
    for n in (*range(ENTRIES_MAX + 5), 3):
        channel.send(_notice(id=f"a{n}", created_at=f"2026-03-04T06:{n // 60:02}:{n % 60:02}.000+00:00"))
    entries = _entries((tmp_path / "feeds" / "new-sanctions-mention.atom").read_bytes())
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert len(ids) == len(set(ids)) == ENTRIES_MAX
    assert ids[0] == f"urn:wirewatch:alert:a{ENTRIES_MAX + 4}"


def test_names_in_another_script_are_set_apart() -> None:
    sanction = msgspec.structs.replace(mention().sanction, issuers=[Party(text="Минфин")], counts=[])
    document = watched_document(mention(sanction=sanction), "sanctions")
    assert document is not None
    told = message(notice(build_alert(BUILTIN, document, NOW)), "ar")
    assert told.title == "فرض عقوبات: \u2068Минфин\u2069 – \u2068شركتين\u2069 (akhbar.example)"
