"""Alert rules for the desk: listed, tried on the last days, put into force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

import msgspec
import yaml
from elasticsearch import BadRequestError, Elasticsearch

from schemas.wire import prepare
from sinks.alerts.memory import Memory, silence_of
from sinks.alerts.rule import Duration, span_of
from sinks.alerts.rules import Rule, RuleError, compose, line_of, parse_rule
from sinks.alerts.stored import store, stored_rules
from sinks.alerts.trial import Firing, telling, try_rule
from sinks.elasticsearch.documents import MemoryDocument
from sinks.elasticsearch.patience import reason_of
from sinks.elasticsearch.query import Meant
from wirewatch.desk.answers import DeskError

RULE_CHARACTERS_MAX = 50_000
SHOWN = 20
COSTLY = frozenset({
    "function_score", "intervals", "more_like_this", "percolate", "query_string", "regexp", "script",
    "script_score", "terms_set", "wildcard", "wrapper",
})  # fmt: skip
"""Queries that may cost a cluster dear: who has the rules' folder may use them, who has the page may not."""
ELSEWHERE = frozenset({"index", "indexed_shape"})
"""What names another index to take values from, which who has the page may not read."""
_OTHER_BREAKS = frozenset("\r\x85\u2028\u2029")


class Silence(msgspec.Struct, frozen=True, kw_only=True, rename={"length": "for"}):
    """What is asked of a silence: how `length` it is, why, and of which group of the rule if not of all."""

    length: Duration
    because: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    group: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | None = None
    owner: Annotated[str, msgspec.Meta(max_length=100)] | None = None


prepare(Silence)


def listed(client: Elasticsearch, prefix: str) -> dict[str, Any]:
    """The rules in force, each with the YAML that an editor changes, and the silences."""
    rules = stored_rules(client, prefix)
    silences = Memory(client, prefix).silences(datetime.now(UTC), _no_wait)
    return {
        "rules": [msgspec.to_builtins(rule) | {"yaml": written(rule)} for rule in rules],
        "silences": [_told(silence) for silence in silences],
    }


def written(rule: Rule) -> str:
    """The rule as YAML, without what it leaves as it usually is."""
    usual = msgspec.to_builtins(Rule(id=rule.id, watch=rule.watch))
    said = {
        name: value
        for name, value in msgspec.to_builtins(rule).items()
        if name in ("id", "watch") or value != usual[name]
    }
    text: str = yaml.dump(said, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100)
    return text


class _Writer(yaml.SafeDumper):
    """YAML as people write it: what ends in a new line, as descriptions do, stands folded below its name."""


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_indented = any(line[:1].isspace() for line in text.splitlines())  # PyYAML breaks such lines anew
    style = ">" if text.endswith("\n") and not is_indented else None
    if _OTHER_BREAKS.intersection(text):  # which any other style would have read as spaces
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def read_rule(text: str) -> Rule:
    """The rule in a YAML text. Raises `DeskError`: 422 with the line of each fault, 413."""
    if len(text) > RULE_CHARACTERS_MAX:
        detail = f"a rule has {RULE_CHARACTERS_MAX} characters at most"
        raise DeskError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)
    try:
        rule = parse_rule(text)
    except RuleError as error:
        raise _faulty(*((fault.line, fault.message) for fault in error.faults)) from None
    for name in _keys(rule.query):
        if name in COSTLY | ELSEWHERE:
            line = next((n for n, each in enumerate(text.splitlines(), 1) if name in each), 1)
            raise _faulty((line, f"{name} can't be used from here: put the rule into the folder of rules"))
    return rule


def tried(client: Elasticsearch, prefix: str, meant: Meant, text: str, since: str) -> dict[str, Any]:
    """What a rule would have raised since a moment: how much matched, how many alerts, the newest of them.

    Raises `DeskError` (422) for a faulty rule, and where Elasticsearch refuses its query.
    """
    rule = read_rule(text)
    begin = datetime.fromisoformat(f"{since}-01-01"[:10] if len(since) < 10 else since)
    begin = begin if begin.tzinfo else begin.replace(tzinfo=UTC)
    try:
        trial = try_rule(client, prefix, rule, begin, datetime.now(UTC), meant)
    except BadRequestError as error:
        raise _faulty((_line(text, "query"), reason_of(error.body))) from None
    quiet = sum(firing.quiet is not None for firing in trial.firings)
    return {
        "matches": trial.documents,
        "alerts": len(trial.firings) - quiet,
        "quiet": quiet,
        "is_cut": trial.is_cut,
        "newest": [_shown(firing) for firing in reversed(telling(trial.firings, SHOWN))],
    }


def applied(client: Elasticsearch, prefix: str, meant: Meant, rule_id: str, text: str) -> dict[str, Any]:
    """Put a rule into force, at once. Raises `DeskError` (422) where it can't be."""
    rule = read_rule(text)
    if rule.id != rule_id:
        raise _faulty((_line(text, "id"), f"id: is {rule.id!r}, and the address says {rule_id!r}"))
    [change] = store(client, prefix, [rule], meant=meant)
    if change.what == "refused":
        raise _faulty((_line(text, "query"), change.detail))
    return {"rule": rule.id, "what": change.what}


def silenced(client: Elasticsearch, prefix: str, rule_id: str, asked: Silence) -> dict[str, Any]:
    """Suppress a rule's alerts for a while, in force at once. Raises `DeskError` (404)."""
    if rule_id not in {rule.id for rule in stored_rules(client, prefix)}:
        raise DeskError(HTTPStatus.NOT_FOUND, "not_found", "there is no such rule")
    made = silence_of(
        rule_id, datetime.now(UTC), span_of(asked.length), asked.because, group=asked.group, owner=asked.owner
    )
    Memory(client, prefix).silence(made)
    return _told(made)


def _told(silence: MemoryDocument) -> dict[str, Any]:
    return {
        "rule": silence.rule,
        "group": silence.group,
        "ends_at": silence.ends_at,
        "because": silence.reason,
        "owner": silence.owner,
    }


def _no_wait(_seconds: float) -> None:
    raise DeskError(HTTPStatus.SERVICE_UNAVAILABLE, "search_away", "Elasticsearch does not answer")


def _line(text: str, field: str) -> int:
    return line_of(compose(text, Path("rule")), [field])


def _shown(firing: Firing) -> dict[str, Any]:
    alert = firing.alert
    return {
        "article_id": alert.article_id,
        "title": alert.title,
        "text": alert.text,
        "source": alert.source,
        "language": alert.language,
        "url": alert.url,
        "fetched_at": firing.at.isoformat(),
        "because": getattr(alert, "because", None),
        "quiet": firing.quiet,
    }


def _faulty(*faults: tuple[int, str]) -> DeskError:
    told = [{"line": line, "message": message} for line, message in faults]
    return DeskError(HTTPStatus.UNPROCESSABLE_ENTITY, "faulty_rule", faults[0][1], faults=told)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
