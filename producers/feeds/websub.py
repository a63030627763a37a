"""WebSub for a subscriber (W3C Recommendation, https://www.w3.org/TR/websub/): what to say to a hub, and
whether to believe what comes in its name. Pure.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlencode

import msgspec
from msgspec import structs

from producers.feeds.feed import Feed
from producers.feeds.words import address

SECRET_BYTES = 32
TOKEN_BYTES = 24
ANSWER_SECONDS = 3600.0
"""How long a hub may take to verify before it is asked again."""
RENEWAL_SHARE = 0.25
LEASE_SECONDS_MAX = 90 * 86_400
MISSES_MAX = 2
TRUSTED = ("sha256", "sha384", "sha512")

Standing = Literal["asked", "verified", "denied", "leaving"]
Verdict = Literal["good", "weak", "wrong"]

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*!#$&+.^`|~-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s,;\"]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s,;\"]+))", re.IGNORECASE)


class HubSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """One feed at one hub. Moments (`…_at`) are epoch seconds, 0 for never.

    `token` ends our callback's address and `secret` signs what is pushed: nobody else knows either.
    `misses` counts readings in a row that found what the hub had not pushed.
    """

    feed: str
    hub: str
    topic: str
    token: str
    secret: str
    standing: Standing = "asked"
    asked_at: float = 0
    attempts: int = 0
    verified_at: float = 0
    expires_at: float = 0
    lease_seconds: float = 0
    pushed_at: float = 0
    misses: int = 0

    def is_live(self, now: float) -> bool:
        """Whether the hub can be relied on: it has verified, its lease runs, it misses nothing."""
        return self.standing == "verified" and now < self.expires_at and self.misses < MISSES_MAX


def new_subscription(feed: str, hub: str, topic: str) -> HubSubscription:
    """A subscription not yet asked for, with a token and a secret of its own."""
    return HubSubscription(
        feed=feed,
        hub=hub,
        topic=topic,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        secret=secrets.token_urlsafe(SECRET_BYTES),
    )


def is_due(one: HubSubscription, now: float) -> bool:
    """Whether to ask the hub (again): not asked yet, no answer in an hour and longer each time, or a quarter
    of the lease is left.
    """
    patience = ANSWER_SECONDS * 2 ** min(max(one.attempts - 1, 0), 7)
    if one.standing == "verified":
        renewal_at = one.expires_at - one.lease_seconds * RENEWAL_SHARE
        return now >= renewal_at and (one.asked_at < one.verified_at or now >= one.asked_at + patience)
    if one.standing == "denied":
        return now >= one.asked_at + 24 * ANSWER_SECONDS
    return one.asked_at == 0 or now >= one.asked_at + patience


def asked(one: HubSubscription, now: float) -> HubSubscription:
    """The hub has been asked."""
    standing: Standing = "asked" if one.standing == "denied" else one.standing
    return structs.replace(one, standing=standing, asked_at=now, attempts=one.attempts + 1)


def request_form(one: HubSubscription, callback: str, lease_seconds: float) -> bytes:
    """The form that asks a hub to subscribe us, or to let us go."""
    leaving = one.standing == "leaving"
    form = {
        "hub.mode": "unsubscribe" if leaving else "subscribe",
        "hub.topic": one.topic,
        "hub.callback": callback,
    }
    if not leaving:
        form |= {"hub.lease_seconds": str(int(lease_seconds)), "hub.secret": one.secret}
    return urlencode(form).encode("ascii")


def verification(
    one: HubSubscription | None, query: Mapping[str, str], now: float
) -> tuple[int, str, HubSubscription | None]:
    """Our answer to a hub that asks whether we meant it: status, body, and the subscription as it is then.

    `None` in the last place where nothing changes; a subscription that is left comes back as `leaving`
    with no `asked_at`. Only what we asked for is confirmed: this mode, this topic.
    """
    mode, topic, challenge = (query.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
    if one is None or topic != one.topic:
        return HTTPStatus.NOT_FOUND, "", None
    if mode == "denied":
        return HTTPStatus.OK, "", structs.replace(one, standing="denied", expires_at=0)
    if not challenge or len(challenge) > 4096:
        return HTTPStatus.NOT_FOUND, "", None
    if mode == "unsubscribe" and one.standing == "leaving":
        return HTTPStatus.OK, challenge, structs.replace(one, asked_at=0, expires_at=0)
    if mode == "subscribe" and one.standing in ("asked", "verified") and one.asked_at:
        return HTTPStatus.OK, challenge, _verified(one, query.get("hub.lease_seconds", ""), now)
    return HTTPStatus.NOT_FOUND, "", None


def signature_verdict(secret: str, signature: str, body: bytes) -> Verdict:
    """What the `X-Hub-Signature` of a push is worth. `weak` is a right one that uses SHA-1: not to be
    believed, but a sign that there is something to be read.
    """
    method, _, told = signature.strip().partition("=")
    method = method.strip().lower()
    if method not in (*TRUSTED, "sha1"):
        return "wrong"
    right = hmac.new(secret.encode("ascii"), body, method).hexdigest()
    if not hmac.compare_digest(right.encode("ascii"), told.strip().lower().encode("utf-8", "replace")):
        return "wrong"
    return "weak" if method == "sha1" else "good"


def with_link_header(feed: Feed, header: str, url: str) -> Feed:
    """The feed with the hubs and the self address that HTTP's `Link` header names, which come first."""
    found: dict[str, list[str]] = {"hub": [], "self": []}
    for link in _LINK.finditer(header[:8192]):
        rel = _REL.search(link[2])
        target = address(link[1], url)
        for name in (rel[1] or rel[2] or "").lower().split() if rel else ():
            if name in found and target:
                found[name].append(target)
    hubs = tuple(dict.fromkeys((*found["hub"], *feed.hubs)))
    return replace(feed, hubs=hubs, self_url=next(iter(found["self"]), feed.self_url))


def _verified(one: HubSubscription, lease: str, now: float) -> HubSubscription:
    told = int(lease) if lease.isascii() and lease.isdecimal() and len(lease) < 10 else 0
    seconds = min(told or 86_400, LEASE_SECONDS_MAX)
    return structs.replace(
        one,
        standing="verified",
        verified_at=now,
        attempts=0,
        lease_seconds=seconds,
        expires_at=now + seconds,
    )
