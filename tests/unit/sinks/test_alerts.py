from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import pytest

from schemas.alert import Alert
from schemas.article import Count, Party
from sinks.alerts.build import build_alert
from sinks.alerts.channels import SIGNATURE_HEADER, ChannelError, ConsoleChannel, WebhookChannel
from sinks.alerts.delivery import as_sent
from sinks.alerts.outlet import retry_seconds
from sinks.alerts.rules import Rule, load_rules, rule_files
from sinks.alerts.sink import watched_document
from sinks.alerts.summary import CHARACTERS_MAX, summary
from tests.unit.sinks.records import SENTENCE, article, designation, mention

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
TITLE = "United States Treasury imposes sanctions on 3 individuals (akhbar.example)"
KARIM = Party(text="كريم حداد", name="Karim Haddad", entity="per:karim-haddad")
SHIPYARD = Party(text="Верфь", name="Volga Shipyard", entity="org:volga-shipyard")
[BUILTIN] = load_rules(rule_files())


def _document(**changes: object) -> dict[str, object]:
    document = watched_document(mention(**changes), "sanctions")
    assert document is not None
    return document


def test_an_alert_carries_the_evidence_in_the_articles_words() -> None:
    alert = build_alert(BUILTIN, _document(), NOW)
    assert alert.text == SENTENCE
    assert alert.language == "ar"
    assert (alert.designation_id, alert.mention_id, alert.article_id) == ("d1", "a1-0", "a1")
    assert alert.title == TITLE


def test_the_text_is_the_first_evidence_and_no_more() -> None:
    alert = build_alert(BUILTIN, _document(quotes=[SENTENCE, "عقوبات جديدة"]), NOW)
    assert alert.text == SENTENCE


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"counts": []}, "United States Treasury imposes sanctions on شركتين"),
        ({"counts": [], "targets": []}, "United States Treasury imposes sanctions"),
        ({"counts": [], "targets": [Party(text=name) for name in "ABC"]}, "… sanctions on A and 2 more"),
        ({"issuers": []}, "Sanctions imposed on 3 individuals"),
        ({"issuers": [Party(text="A"), Party(text="B")], "counts": []}, "A and B impose sanctions on شركتين"),
        ({"counts": [Count(n=1, of="entities", text="شركة")]}, "… sanctions on 1 entity"),
        (
            {"targets": [Party(text="شركتين"), KARIM]},
            "… sanctions on 3 individuals (named: \u2068Karim Haddad\u2069)",
        ),
        (
            {"targets": [KARIM, SHIPYARD, Party(text="ليلى", entity="per:leila")]},
            "… on 3 individuals (named: \u2068Karim Haddad\u2069, \u2068Volga Shipyard\u2069 and 1 more)",
        ),
        ({"counts": [], "targets": [Party(text="شركتين"), KARIM]}, "… sanctions on Karim Haddad and 1 more"),
        ({"act": "lifted", "counts": []}, "United States Treasury lifts sanctions on شركتين"),
    ],
)
def test_a_sanction_is_summed_up(changes: dict[str, object], expected: str) -> None:
    sanction = msgspec.structs.replace(mention().sanction, **changes)
    assert summary(_document(sanction=sanction)).endswith(expected.removeprefix("…"))


@pytest.mark.parametrize("named", range(6))
@pytest.mark.parametrize("letters", [5, 30, 100])
def test_a_summary_closes_what_it_sets_apart_however_long_names_are(named: int, letters: int) -> None:
    parties = [Party(text="x", name=f"{n}" * letters, entity=f"per:{n}") for n in range(named)]
    sanction = msgspec.structs.replace(mention().sanction, targets=parties)
    told = summary(_document(sanction=sanction))
    assert len(told) <= CHARACTERS_MAX
    assert told.count("\u2068") == told.count("\u2069")
    assert "3 individuals" in told
    assert ("named" in told) == bool(named)


def test_a_summary_is_short() -> None:
    parties = [Party(text="منظمة " * 50), Party(text="B"), Party(text="C")]
    sanction = msgspec.structs.replace(mention().sanction, issuers=parties, targets=parties, counts=[])
    assert len(summary(_document(sanction=sanction))) <= CHARACTERS_MAX


def test_two_mentions_of_a_designation_are_one_alert() -> None:
    first = build_alert(BUILTIN, _document(), NOW)
    second = build_alert(BUILTIN, _document(id="a9-0", article_id="a9", source="other.example"), NOW)
    assert first.id == second.id


def test_rules_and_designations_tell_alerts_apart() -> None:
    other_rule = msgspec.structs.replace(BUILTIN, id="other")
    sanction = msgspec.structs.replace(mention().sanction, designation_id="d2")
    ids = {
        build_alert(BUILTIN, _document(), NOW).id,
        build_alert(other_rule, _document(), NOW).id,
        build_alert(BUILTIN, _document(sanction=sanction), NOW).id,
    }
    assert len(ids) == 3


def test_a_document_without_the_key_is_its_own_key() -> None:
    sanction = msgspec.structs.replace(mention().sanction, designation_id=None)
    assert build_alert(BUILTIN, _document(sanction=sanction), NOW).key == "a1-0"


def test_what_is_not_known_is_a_dash_and_a_title_is_one_line() -> None:
    rule = Rule(id="r", watch="articles", query={"match_all": {}}, title="$byline said:\n$$5 $language")
    document = watched_document(
        article(clean=msgspec.structs.replace(article().clean, byline=None)), "articles"
    )
    assert document is not None
    assert build_alert(rule, document, NOW).title == "– said: $5 ar"


def test_a_template_reaches_fields_and_nothing_else() -> None:
    rule = Rule(id="r", watch="articles", query={"match_all": {}}, title="${id} {id.__class__} %(id)s $id.x")
    document = watched_document(article(), "articles")
    assert document is not None
    assert build_alert(rule, document, NOW).title == "a1 {id.__class__} %(id)s a1.x"


def test_a_backfill_is_watched_by_nobody() -> None:
    assert watched_document(mention(lane="backfill"), "sanctions") is None
    assert watched_document(article(lane="backfill"), "articles") is None


def test_each_rule_sees_its_own_kind() -> None:
    assert watched_document(article(), "sanctions") is None
    assert watched_document(mention(), "articles") is None
    assert watched_document(designation(), "sanctions") is None
    assert "record" not in (watched_document(article(), "articles") or {})


def test_channels_get_an_alert_without_the_ledgers_fields() -> None:
    sent = as_sent(build_alert(BUILTIN, _document(), NOW))
    assert type(sent) is Alert
    assert sent.status == "sent"


def test_a_channel_that_fails_is_tried_ever_more_seldom() -> None:
    assert [retry_seconds(n) for n in (0, 1, 2, 3)] == [5, 10, 20, 40]
    assert retry_seconds(10_000) == 300


class _Receiver(BaseHTTPRequestHandler):
    received: list[tuple[dict[str, str], bytes]]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((dict(self.headers.items()), body))
        self.send_response(self.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[tuple[type[_Receiver], str]]:
    handler = type("Receiver", (_Receiver,), {"received": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_is_json_signed_over_its_bytes(receiver: tuple[type[_Receiver], str]) -> None:
    handler, url = receiver
    text = 'He said "stop"\n</script> عقوبات \u2028 \x00'
    alert = msgspec.structs.replace(as_sent(build_alert(BUILTIN, _document(), NOW)), text=text)
    WebhookChannel(url, b"secret").send(alert)
    [(headers, body)] = handler.received
    assert msgspec.json.decode(body, type=Alert) == alert
    assert headers[SIGNATURE_HEADER] == "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == alert.id


def test_without_a_secret_there_is_no_signature(receiver: tuple[type[_Receiver], str]) -> None:
    handler, url = receiver
    WebhookChannel(url).send(as_sent(build_alert(BUILTIN, _document(), NOW)))
    assert SIGNATURE_HEADER not in handler.received[0][0]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_anything_but_success_is_a_failure(receiver: tuple[type[_Receiver], str], status: int) -> None:
    handler, url = receiver
    handler.status = status
    with pytest.raises(ChannelError, match=str(status)):
        WebhookChannel(url).send(as_sent(build_alert(BUILTIN, _document(), NOW)))
    assert len(handler.received) == 1


def test_nobody_listening_is_a_failure() -> None:
    with pytest.raises(ChannelError):
        WebhookChannel("http://127.0.0.1:1/").send(as_sent(build_alert(BUILTIN, _document(), NOW)))


def test_the_console_shows_title_evidence_and_address() -> None:
    written: list[str] = []
    ConsoleChannel(written.append).send(as_sent(build_alert(BUILTIN, _document(), NOW)))
    [text] = written
    assert text.startswith(f"ALERT critical: {TITLE}")
    assert SENTENCE in text
    assert "https://akhbar.example/1" in text
