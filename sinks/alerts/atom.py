"""Alerts as Atom feeds (RFC 4287), one a rule, for feed readers: as bytes, or as files in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from filelock import FileLock, Timeout
from lxml import etree

from schemas.alert import Alert
from sinks.alerts.channels import ChannelError
from sinks.alerts.message import message
from sinks.alerts.wording import FALLBACK

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ENTRIES_MAX = 100
LOCKED_SECONDS_MAX = 10.0
_NAMESPACES: Any = {None: ATOM}


class AtomChannel:
    """A file a rule in a folder, `RULE.atom`, the newest alerts first; each alert stands in it once,
    whichever instance writes it.
    """

    def __init__(self, name: str, folder: Path, language: str = FALLBACK) -> None:
        self.name = name
        self._folder = folder
        self._language = language

    def send(self, alert: Alert) -> None:
        """Put the alert into its rule's file."""
        self.send_together([alert])

    def send_together(self, alerts: Sequence[Alert]) -> None:
        """Put each alert into its rule's file."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for rule in sorted({alert.rule for alert in alerts}):
                self._write(rule, [alert for alert in alerts if alert.rule == rule])
        except (OSError, Timeout, etree.XMLSyntaxError) as error:
            raise ChannelError(f"{type(error).__name__}: {error}") from error

    def _write(self, rule: str, alerts: Sequence[Alert]) -> None:
        file = self._folder / f"{rule}.atom"
        with FileLock(self._folder / f".{rule}.lock", timeout=LOCKED_SECONDS_MAX):
            before = _entries(file.read_bytes()) if file.exists() else []
            fresh = [_entry(alert, self._language) for alert in alerts]
            _replace(file, _feed_bytes(rule, [*fresh, *before]))


def atom_feed(rule: str, alerts: Sequence[Alert], language: str = FALLBACK) -> bytes:
    """The feed of a rule's alerts, given newest first."""
    return _feed_bytes(rule, [_entry(alert, language) for alert in alerts])


def _feed_bytes(rule: str, entries: Sequence[etree._Element]) -> bytes:
    feed = etree.Element(_name("feed"), nsmap=_NAMESPACES)
    newest: dict[str, etree._Element] = {}
    for entry in entries:
        newest.setdefault(entry.findtext(_name("id")) or "", entry)
    kept = sorted(newest.values(), key=_updated, reverse=True)[:ENTRIES_MAX]
    _add(feed, "id", f"urn:wirewatch:rule:{rule}")
    _add(feed, "title", rule)
    _add(feed, "updated", _updated(kept[0]) if kept else "1970-01-01T00:00:00Z")
    feed.extend(kept)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")


def _entry(alert: Alert, language: str) -> etree._Element:
    said = message(alert, language)
    entry = etree.Element(_name("entry"), nsmap=_NAMESPACES)
    _add(entry, "id", f"urn:wirewatch:alert:{alert.id}")
    _add(entry, "title", said.heading)
    _add(entry, "updated", alert.created_at)
    _add(_add(entry, "author", ""), "name", said.source)
    if said.link:
        _add(entry, "link", "").set("href", said.link)
    _add(entry, "category", "").set("term", alert.severity)
    _add(entry, "summary", said.evidence).set(XML_LANG, alert.language)
    facts = "\n".join(f"{label}: {value}" for label, value in said.facts)
    _add(entry, "content", facts).set("type", "text")
    return entry


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(parent, _name(name))
    child.text = "".join(each for each in text if each not in "\ufffe\uffff") or None
    return child


def _updated(entry: etree._Element) -> str:
    return entry.findtext(_name("updated")) or ""


def _entries(feed: bytes) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(feed, parser).findall(_name("entry"))


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _replace(file: Path, content: bytes) -> None:
    """A reader sees the old feed or the new one, never half of it."""
    with NamedTemporaryFile(dir=file.parent, delete=False) as draft:
        draft.write(content)
    Path(draft.name).chmod(0o644)
    os.replace(draft.name, file)  # noqa: PTH105 - over what is there, on every system
