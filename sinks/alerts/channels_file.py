"""The channels one names oneself: `channels.yaml` beside the rules, checked as rules are.

    desk:
      type: slack
      url: $DESK_SLACK_URL       # a value that is $NAME comes from the environment
      language: ar
    mail:
      type: email
      host: smtp.example.org
      from: wirewatch@example.org
      to: [desk@example.org]
      digest: 1h

What a channel is called is what rules call it (`channels: [desk]`) and what the ledger remembers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema
import msgspec
import yaml

from schemas.alert import Severity
from schemas.article import Record
from sinks.alerts import chat
from sinks.alerts.atom import AtomChannel
from sinks.alerts.channels import Channel, ChatChannel, WebhookChannel
from sinks.alerts.mail import MailChannel, Server
from sinks.alerts.outlet import Outlet
from sinks.alerts.rule import Duration, Word, span_of
from sinks.alerts.rules import (
    CHANNELS_FILE,
    Fault,
    RuleError,
    breaches,
    compose,
    line_of,
    read,
    shown,
    value_of,
)
from sinks.alerts.wording import FALLBACK, languages

_NAME = re.compile("[A-Za-z][A-Za-z0-9_-]{0,49}")
OURS = frozenset({"topic", "console", "webhook"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
Address = Annotated[str, msgspec.Meta(pattern=r"^(\$[A-Za-z_][A-Za-z0-9_]*|https?://[!-~]+)$")]
Secret = Annotated[str, msgspec.Meta(min_length=1)]


class _Terms(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every channel may say: whom it is for, from which severity on, in which language."""

    type: str
    default: bool = True
    severity: Severity = "info"
    language: str = FALLBACK
    digest: Duration | None = None

    def channel(self, name: str) -> Channel:
        """The channel itself."""
        raise NotImplementedError


class Webhook(_Terms, frozen=True, kw_only=True):
    """The alert as JSON, signed with `secret`."""

    type: Literal["webhook"]
    url: Address
    secret: Secret | None = None

    def channel(self, name: str) -> Channel:
        """The channel itself."""
        return WebhookChannel(self.url, self.secret.encode() if self.secret else None, name=name)


class Slack(_Terms, frozen=True, kw_only=True):
    """A Slack incoming webhook, or what takes the same."""

    type: Literal["slack"]
    url: Address

    def channel(self, name: str) -> Channel:
        """The channel itself."""
        return ChatChannel(name, self.url, chat.slack_payloads, self.language)


class Teams(_Terms, frozen=True, kw_only=True):
    """A Teams workflow's webhook."""

    type: Literal["teams"]
    url: Address

    def channel(self, name: str) -> Channel:
        """The channel itself."""
        return ChatChannel(name, self.url, chat.teams_payloads, self.language)


class Telegram(_Terms, frozen=True, kw_only=True):
    """A Telegram bot's `sendMessage`: `https://api.telegram.org/botTOKEN/sendMessage`."""

    type: Literal["telegram"]
    url: Address
    chat_id: Secret

    def channel(self, name: str) -> Channel:
        """The channel itself."""
        payloads = partial(chat.telegram_payloads, chat_id=self.chat_id)
        return ChatChannel(name, self.url, payloads, self.language)


class Email(_Terms, frozen=True, kw_only=True, rename={"sender": "from"}):
    """Mail by SMTP."""

    type: Literal["email"]
    host: Secret
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Secret | None = None
    password: Secret | None = None
    sender: Annotated[str, msgspec.Meta(pattern=r"^[^\s@]+@[^\s@]+$")]
    to: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^[^\s@]+@[^\s@]+$")]], msgspec.Meta(min_length=1)
    ]

    def channel(self, name: str) -> Channel:
        """The channel itself."""
        server = Server(self.host, self.port, self.security, self.username, self.password)
        return MailChannel(name, server, self.sender, self.to, self.language)


class Atom(_Terms, frozen=True, kw_only=True):
    """A feed a rule, as files in a folder."""

    type: Literal["atom"]
    folder: Word

    def channel(self, name: str) -> Channel:
        """The channel itself."""
        return AtomChannel(name, Path(self.folder), self.language)


KINDS: dict[str, type[_Terms]] = {
    "webhook": Webhook, "slack": Slack, "teams": Teams, "telegram": Telegram, "email": Email, "atom": Atom,
}  # fmt: skip
_VALIDATORS = {
    name: jsonschema.Draft202012Validator(msgspec.json.schema(kind)) for name, kind in KINDS.items()
}


def load_channels(folder: Path | None) -> dict[str, _Terms]:
    """The channels of a folder of rules, by name, secrets as they are written; none where it has no file.

    Raises `sinks.alerts.rules.RuleError` with every fault.
    """
    file = folder / CHANNELS_FILE if folder is not None else None
    if file is None or not file.exists():
        return {}
    return parse_channels(read(file), file)


def parse_channels(text: str, file: Path = Path(CHANNELS_FILE)) -> dict[str, _Terms]:
    """The channels in a text. Raises `sinks.alerts.rules.RuleError` with every fault."""
    node = compose(text, file)
    if not isinstance(node, yaml.MappingNode):
        raise RuleError([Fault(file, 1, "channels are names with what they are")])
    channels: dict[str, _Terms] = {}
    faults: list[Fault] = []
    for key, value in node.value:
        try:
            channels[str(key.value)] = _parsed(str(key.value), key, value, channels)
        except _FaultyError as error:
            faults += [Fault(file, line, shown(f"{key.value}: {message}")) for line, message in error.faults]
    if faults:
        raise RuleError(faults)
    return channels


def outlets(channels: Mapping[str, _Terms], environment: Mapping[str, str] = os.environ) -> list[Outlet]:
    """The channels, ready to send. Raises `RuleError` for what the environment does not have."""
    missing: list[Fault] = []
    made: list[Outlet] = []
    for name, terms in channels.items():
        values = msgspec.structs.asdict(terms)
        unset = [value for value in values.values() if _is_reference(value) and value[1:] not in environment]
        missing += [Fault(Path(CHANNELS_FILE), 1, shown(f"{name}: {value} is not set")) for value in unset]
        if not unset:
            known: dict[str, Any] = {
                key: environment[value[1:]] if _is_reference(value) else value
                for key, value in values.items()
            }
            made.append(_outlet(name, type(terms)(**known)))
    if missing:
        raise RuleError(missing)
    return made


def _outlet(name: str, terms: _Terms) -> Outlet:
    return Outlet(
        terms.channel(name),
        default=terms.default,
        severity=terms.severity,
        digest=span_of(terms.digest),
    )


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value[:1] == "$" and value[1:].isidentifier()


class _FaultyError(Exception):
    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__()
        self.faults = faults


def _parsed(name: str, key: yaml.Node, node: yaml.Node, taken: Mapping[str, _Terms]) -> _Terms:
    line = key.start_mark.line + 1
    if name in OURS or name in taken or _NAME.fullmatch(name) is None:
        raise _FaultyError([(line, "this name is taken, or is no name")])
    kind = _kind(node)
    if kind not in KINDS:
        raise _FaultyError([(line_of(node, ["type"]), f"type: one of {', '.join(KINDS)}")])
    faults = list(breaches(node, _VALIDATORS[kind]))
    if faults:
        raise _FaultyError(faults)
    terms = msgspec.convert(value_of(node), KINDS[kind])
    faults = [(line_of(node, [field]), f"{field}: {why}") for field, why in _meaningless(terms)]
    if faults:
        raise _FaultyError(faults)
    return terms


def _kind(node: yaml.Node) -> str:
    entries = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in entries if key.value == "type"), "")


def _meaningless(terms: _Terms) -> Iterator[tuple[str, str]]:
    if terms.language not in languages():
        yield "language", f"one of {', '.join(languages())}"
    if (
        isinstance(terms, Email)
        and terms.username
        and terms.security == "none"
        and terms.host not in LOOPBACK
    ):
        yield "security", "none would show the password to whoever listens"
    if terms.digest is not None and terms.type in {"webhook", "atom"}:
        yield "digest", f"a channel of type {terms.type} has each alert by itself"
