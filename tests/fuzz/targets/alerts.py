"""Rules, channels and silences."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec
from hypothesis import strategies as st

from sinks.alerts.channels_file import outlets, parse_channels
from sinks.alerts.memory import silence_of
from sinks.alerts.quiet import held_until, silenced
from sinks.alerts.rule import Rule
from sinks.alerts.rules import RuleError, parse_rule
from sinks.elasticsearch.documents import AlertDocument, MemoryDocument
from tests.fuzz.target import Target, holds, text_of
from tests.fuzz.wording import any_text, any_value, mapping, short_text, written
from wirewatch.commands.rules import Span
from wirewatch.desk.answers import DeskError
from wirewatch.desk.rules import read_rule
from wirewatch.desk.rules import written as as_yaml

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ALERT = AlertDocument(
    id="a", rule="sanctions-iran", key="k", created_at="2026-11-27T10:00:00Z", severity="critical", title="t", text="x", article_id="a", source="s",
    language="ar", url=None, designation_id=None, mention_id=None, status="created", group="Iran", delivered_to=[], lease_ends_at="2026-11-27T10:00:00Z",
)  # fmt: skip


def read_a_rule(data: bytes) -> None:
    """A rule that is the same when it is written and read again, or faults with their lines."""
    text = text_of(data)
    with suppress(DeskError):
        read_rule(text)
    try:
        rule = parse_rule(text)
    except RuleError as error:
        _check_faults(error, text)
        return
    holds(parse_rule(as_yaml(rule)) == rule, "written and read again, the rule is another")
    holds(rule.pause >= timedelta() and rule.reach >= timedelta(), "a time before none")
    held_until(rule, NOW)


def read_channels(data: bytes) -> None:
    """Channels that can be made, or faults with their lines."""
    text = text_of(data)
    try:
        outlets(parse_channels(text), {"A_URL": "https://a.example/x"})
    except RuleError as error:
        _check_faults(error, text)


def _check_faults(error: RuleError, text: str) -> None:
    holds(error.faults, "refused without a fault")
    lines = len(text.splitlines()) + 1
    for fault in error.faults:
        holds(1 <= fault.line <= lines + 1, f"line {fault.line} of {lines}")
        holds(len(str(fault)) < 5000, "a fault as long as the file")


def read_silence(data: bytes) -> None:
    """Rule, length, reason and group, a line each, as the command takes them and the index gives them back."""
    rule, length, reason, group = ([*text_of(data).split("\n", 3), "", "", ""])[:4]
    with suppress(click.ClickException):
        span = Span().convert(length, None, None)
        holds(timedelta() < span < timedelta(weeks=100_000), f"a silence of {span}")
        made = silence_of(rule, NOW, span, reason, group=group or None)
        kept = msgspec.convert(msgspec.to_builtins(made), MemoryDocument)
        why = silenced(ALERT, [kept], NOW)
        holds(
            why is None or "*" in rule or "?" in rule or "[" in rule or rule == ALERT.rule,
            f"{rule!r} silenced another rule",
        )


_RULE = """id: sanctions-iran
type: frequency
watch: sanctions
words: عقوبات OR sanctions
where: {issuers: [United States, 'no'], new: true}
query_key: [issuers]
window: 6h
count: 3
realert: 1d
channels: [desk]
quiet_hours: {from: "22:00", to: "07:00", zone: Europe/Berlin, days: [fri], wake_for: [critical]}
severity: warning
title: "$issuers: $summary"
titles: {ar: "$title"}
"""
_QUERY = "id: a\nwatch: articles\nquery:\n  bool:\n    filter:\n      - term: {language: ar}\n      - range: {fetched_at: {gte: now-1d}}\n"
_CHANNELS = """desk:
  type: slack
  url: $A_URL
  language: ar
mail: {type: email, host: smtp.example.org, from: w@example.org, to: [d@example.org], digest: 1h}
feed: {type: atom, folder: /tmp/alerts}
chat: {type: telegram, url: "https://api.example.org/x", chat_id: "7"}
hook: {type: webhook, url: "https://a.example/x", secret: s, severity: critical}
"""
_TOKENS = (
    "*a", "&a ", "<<: *a", "!!python/object/apply:os.system ['x']", "!!binary ", "!!set ", "? ", "- ", ": ", "|\n  ", ">-\n", "---\n", "...\n", "%YAML 9.9\n", "{", "}", "[", "]", "[" * 200, "{a: " * 200,
    "- " * 300, "\t", "'", '"', "#", "no", "~", "22:00", "1e999", "0o7", ".inf", ".nan", "2026-11-27", "9" * 5000, "$", "$$", "${title}", "$title", "type: ", "window: ", "1d", "99999w", "0s", "zone: ", "../../etc/localtime",
)  # fmt: skip
_FIELDS = Rule.__struct_fields__
_values = {
    "id": st.just("a"), "watch": st.sampled_from(("articles", "sanctions")), "type": st.sampled_from(("any", "new", "frequency", "spike", "flatline", "cardinality", "designation")),
    "window": st.sampled_from(("1h", "7d", "99999w", "0h")), "count": st.integers(-1, 10**20), "factor": st.floats(), "terms": st.lists(st.sampled_from(("title", "issuers", "x"))),
    "query_key": st.lists(st.sampled_from(("source", "x"))), "title": any_text, "titles": st.dictionaries(short_text, any_text, max_size=2), "where": st.dictionaries(st.sampled_from(("source", "act", "x")), any_value, max_size=2),
    "quiet_hours": mapping({"from": st.just("22:00"), "to": st.just("07:00"), "zone": st.sampled_from(("UTC", "Asia/Tehran", "../x", "/etc/passwd", "a" * 300)) | short_text, "days": st.just(["fri"])}),
}  # fmt: skip
_rules = mapping(dict.fromkeys(_FIELDS, any_value | any_text) | _values).map(
    lambda told: json.dumps({"id": "a", "watch": "articles", "words": "x"} | told).encode()
)
_files = st.dictionaries(
    st.sampled_from(("desk", "a-b", "topic")) | short_text,
    mapping({"type": st.sampled_from(("slack", "email", "webhook", "telegram", "teams", "atom")), "url": st.just("$A_URL") | any_text, "host": any_text, "port": st.integers(), "from": any_text, "to": st.lists(any_text, max_size=2), "folder": any_text, "digest": st.just("1h") | short_text, "chat_id": any_text})
    | any_value,
    max_size=3,
).map(lambda told: json.dumps(told).encode())  # fmt: skip
_BUILT_IN = tuple(
    path.read_bytes() for path in sorted((Path(__file__).parents[3] / "sinks/alerts/rules").glob("*.yaml"))
)

TARGETS = (
    Target("rules", read_a_rule, (written(_RULE), written(_QUERY), *_BUILT_IN), _rules, tuple(map(written, (*_TOKENS, *_FIELDS))), cost=3, bytes_max=32 * 1024),
    Target("channels", read_channels, (written(_CHANNELS),), _files, tuple(map(written, (*_TOKENS, "slack", "email", "$B_URL", "topic", "desk"))), cost=3, bytes_max=32 * 1024),
    Target(
        "silences",
        read_silence,
        (b"sanctions-*\n6h\nexercise\nIran", b"missile-tests\n1w\n\n", b"[a-z]*s\xd0\xb0?\n90s\nx"),
        st.builds(lambda rule, length, reason: written(f"{rule}\n{length}\n{reason}"), short_text | st.text("*?[]a-!", max_size=30), st.sampled_from(("1h", "²d", "٣h", "99999w", "-1d")) | short_text, any_text),
        (b"*", b"?", b"[", b"]", b"[!", b"*a" * 40, b"\n", b"h", b"w", "²".encode(), "٣".encode()),
    ),
)  # fmt: skip
