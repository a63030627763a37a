"""Alerts by e-mail: one at length, or several as a digest, as plain text and as HTML."""

from __future__ import annotations

import html
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import blake2b
from typing import Literal

import structlog

from schemas.alert import Alert
from sinks.alerts.channels import ChannelError
from sinks.alerts.message import Message, cut, message, several_heading
from sinks.alerts.wording import FALLBACK, direction

log = structlog.get_logger(__name__)

SMTP_SECONDS_MAX = 20.0
SUBJECT_CHARACTERS_MAX = 200


@dataclass(frozen=True)
class Server:
    """An SMTP server and how to speak to it."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = None


class MailChannel:
    """Mail to the same readers, by one server.

    The message's id follows from its alerts, so that a mail sent twice (the server took it, and we died
    before noting it) can be told to be one.
    """

    def __init__(
        self, name: str, server: Server, sender: str, to: Sequence[str], language: str = FALLBACK
    ) -> None:
        self.name = name
        self._server = server
        self._sender = sender
        self._to = list(to)
        self._language = language

    def send(self, alert: Alert) -> None:
        """Send one alert."""
        self.send_together([alert])

    def send_together(self, alerts: Sequence[Alert]) -> None:
        """Send several alerts in one mail."""
        mail = compose([message(alert, self._language) for alert in alerts], self._sender, self._to)
        try:
            self._deliver(mail)
        except smtplib.SMTPDataError as error:
            raise ChannelError(f"answered {error.smtp_code}", refused=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"{type(error).__name__}: {error}") from error

    def _deliver(self, mail: EmailMessage) -> None:
        with _connected(self._server) as smtp:
            if self._server.username is not None:
                smtp.login(self._server.username, self._server.password or "")
            refused = smtp.send_message(mail, self._sender, self._to)
        if refused:
            log.error("mail_refused_for_some", channel=self.name, readers=sorted(refused))


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SMTP_SECONDS_MAX, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=SMTP_SECONDS_MAX)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def compose(messages: Sequence[Message], sender: str, to: Sequence[str]) -> EmailMessage:
    """The mail of one alert or more. Pure but for its date."""
    mail = EmailMessage()
    single = len(messages) == 1
    mail["Subject"] = cut(
        messages[0].heading if single else several_heading(messages), SUBJECT_CHARACTERS_MAX
    )
    mail["From"], mail["To"] = sender, ", ".join(to)
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{_digest(messages)}@wirewatch.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(map(_plain, messages)) + "\n", cte="base64")
    mail.add_alternative(_html(messages), subtype="html", cte="base64")
    return mail


def _plain(one: Message) -> str:
    facts = [f"{label}: {value}" for label, value in one.facts]
    return "\n".join(part for part in (one.heading, "", one.evidence, *facts, one.link) if part is not None)


def _html(messages: Sequence[Message]) -> str:
    language = messages[0].language
    body = "<hr>".join(map(_article, messages))
    return (
        f'<!doctype html><html lang="{html.escape(language)}" dir="{direction(language)}">'
        f'<head><meta charset="utf-8"></head><body>{body}</body></html>'
    )


def _article(one: Message) -> str:
    facts = "".join(
        f"<li>{html.escape(label)}: <bdi>{_linked(value, one)}</bdi></li>" for label, value in one.facts
    )
    return (
        f'<h3 dir="auto">{html.escape(one.heading)}</h3>'
        f'<blockquote dir="auto">{html.escape(one.evidence)}</blockquote><ul>{facts}</ul>'
    )


def _linked(value: str, one: Message) -> str:
    shown = html.escape(value)
    return f'<a href="{html.escape(one.link)}">{shown}</a>' if one.link and value == one.source else shown


def _digest(messages: Sequence[Message]) -> str:
    return blake2b("".join(one.id for one in messages).encode(), digest_size=16).hexdigest()
