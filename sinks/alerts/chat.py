"""Messages in the formats of chat services: Slack, Teams, Telegram, and what takes the same. Pure.

Words from the web are data in each: `&`, `<`, `>` are escaped for Slack, a Teams card is made of runs,
which hold no markup, and Telegram's HTML is escaped. What services that imitate Slack would take for
Markdown links or a call to everybody is broken up by a joiner nobody sees.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sinks.alerts.message import Message, cut, several_heading
from sinks.alerts.wording import direction, isolated

Payload = dict[str, Any]
SLACK_CHARACTERS_MAX = 12_000
TELEGRAM_CHARACTERS_MAX = 3500
TEAMS_ALERTS_MAX = 20
EVIDENCE_CHARACTERS_MAX = 1000
TOGETHER_TITLE_MAX = 250
JOINER = "\u2060"
_UNSAFE_IN_LINKS = {ord("<"): "%3C", ord(">"): "%3E", ord("|"): "%7C", ord(" "): "%20"}


def slack_payloads(messages: Sequence[Message]) -> list[Payload]:
    """What a Slack incoming webhook takes, without formatting; as few as hold all."""
    texts = _packed(messages, _slack_one, _slack_short, SLACK_CHARACTERS_MAX)
    return [{"text": text, "mrkdwn": False, "unfurl_links": False} for text in texts]


def _slack_one(message: Message) -> str:
    lines = [_slack(message.heading), _slack(cut(message.evidence, EVIDENCE_CHARACTERS_MAX))]
    lines += [f"{label}: {_slack(isolated(value))}" for label, value in message.facts]
    return "\n".join(line for line in [*lines, _slack_link(message)] if line)


def _slack_short(message: Message) -> str:
    source = _slack(isolated(message.source))
    return " ".join(
        part
        for part in ("•", _slack(cut(message.heading, TOGETHER_TITLE_MAX)), source, _slack_link(message))
        if part
    )


def _slack(text: str) -> str:
    for mark in ("@", "]", "!"):
        text = text.replace(mark, mark + JOINER)
    return html.escape(text, quote=False)


def _slack_link(message: Message) -> str:
    return f"<{message.link.translate(_UNSAFE_IN_LINKS)}>".replace("&", "&amp;") if message.link else ""


def teams_payloads(messages: Sequence[Message]) -> list[Payload]:
    """Adaptive Cards for a Teams workflow's webhook; as few as hold all."""
    if len(messages) == 1:
        return [_teams_card(list(_teams_one(messages[0])), messages[0].language)]
    some = (messages[at : at + TEAMS_ALERTS_MAX] for at in range(0, len(messages), TEAMS_ALERTS_MAX))
    return [
        _teams_card(
            [_runs(_run(several_heading(part), weight="bolder")), *map(_teams_short, part)], part[0].language
        )
        for part in some
    ]


def _teams_card(body: list[Payload], language: str) -> Payload:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": language,
        "rtl": direction(language) == "rtl",
        "body": body,
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _teams_one(message: Message) -> Iterator[Payload]:
    yield _runs(_run(message.heading, weight="bolder", size="medium"))
    yield _runs(_run(cut(message.evidence, EVIDENCE_CHARACTERS_MAX)))
    for label, value in message.facts:
        yield _runs(
            _run(f"{label}: "), _run(isolated(value), link=message.link if value == message.source else None)
        )


def _teams_short(message: Message) -> Payload:
    title = cut(message.heading, TOGETHER_TITLE_MAX)
    return _runs(_run(f"{title} "), _run(isolated(message.source), link=message.link))


def _runs(*runs: Payload) -> Payload:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, link: str | None = None, **style: str) -> Payload:
    action = {"selectAction": {"type": "Action.OpenUrl", "url": link}} if link else {}
    return {"type": "TextRun", "text": text, **style, **action}


def telegram_payloads(messages: Sequence[Message], chat_id: str) -> list[Payload]:
    """What Telegram's `sendMessage` takes; as few as hold all."""
    texts = _packed(messages, _telegram_one, _telegram_short, TELEGRAM_CHARACTERS_MAX)
    preview = {"is_disabled": True}
    return [
        {"chat_id": chat_id, "text": text, "parse_mode": "HTML", "link_preview_options": preview}
        for text in texts
    ]


def _telegram_one(message: Message) -> str:
    lines = [f"<b>{_tag(message.heading)}</b>", _tag(cut(message.evidence, EVIDENCE_CHARACTERS_MAX))]
    for label, value in message.facts:
        shown = _telegram_source(message) if value == message.source else _tag(isolated(value))
        lines.append(f"{_tag(label)}: {shown}")
    return "\n".join(line for line in lines if line)


def _telegram_short(message: Message) -> str:
    return f"• {_tag(cut(message.heading, TOGETHER_TITLE_MAX))} {_telegram_source(message)}"


def _telegram_source(message: Message) -> str:
    source = _tag(isolated(message.source))
    return f'<a href="{html.escape(message.link)}">{source}</a>' if message.link else source


def _tag(text: str) -> str:
    return html.escape(text, quote=False)


def _packed(
    messages: Sequence[Message],
    one: Callable[[Message], str],
    short: Callable[[Message], str],
    characters_max: int,
) -> Iterator[str]:
    """One alert at length, or several at a line each below their number, in as few texts as hold them."""
    if len(messages) == 1:
        yield one(messages[0])
        return
    text = several_heading(messages)
    for line in map(short, messages):
        if len(text) + 1 + len(line) > characters_max:
            yield text
            text = line
        else:
            text = f"{text}\n{line}"
    yield text
