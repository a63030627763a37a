"""What a hub is told, and what of it is believed."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from producers.feeds.feed import Feed
from producers.feeds.websub import (
    HubSubscription,
    asked,
    is_due,
    new_subscription,
    request_form,
    signature_verdict,
    verification,
    with_link_header,
)

NOW = 1_800_000_000.0
DAY = 86_400.0


@pytest.fixture
def one() -> HubSubscription:
    return new_subscription(
        "https://www.example.org/feed", "https://hub.example.net/", "https://www.example.org/topic?a=1&b=2"
    )


def query(one: HubSubscription, **instead: str) -> dict[str, str]:
    told = {"mode": "subscribe", "topic": one.topic, "challenge": "c", "lease_seconds": "864000"} | instead
    return {f"hub.{name}": value for name, value in told.items()}


def test_no_two_subscriptions_share_a_secret_or_a_token(one: HubSubscription) -> None:
    other = new_subscription(one.feed, one.hub, one.topic)
    assert len({one.secret, other.secret, one.token, other.token}) == 4
    assert len(one.secret.encode()) < 200  # the Recommendation's bound


def test_the_form_names_everything_and_a_farewell_no_secret(one: HubSubscription) -> None:
    form = request_form(one, "https://we.example.com/websub/t", 864_000.5).decode()
    assert "hub.mode=subscribe&hub.topic=https%3A%2F%2Fwww.example.org%2Ftopic%3Fa%3D1%26b%3D2&" in form
    assert f"hub.lease_seconds=864000&hub.secret={one.secret}" in form
    assert (
        "secret"
        not in request_form(structs.replace(one, standing="leaving"), "https://we.example.com/", 1).decode()
    )


def test_asked_again_later_each_time_and_renewed_in_time(one: HubSubscription) -> None:
    assert is_due(one, NOW)
    once = asked(one, NOW)
    assert (is_due(once, NOW + 3599), is_due(once, NOW + 3600)) == (False, True)
    twice = asked(once, NOW + 3600)
    assert (is_due(twice, NOW + 3600 + 7199), is_due(twice, NOW + 3600 + 7200)) == (False, True)
    _, _, verified = verification(once, query(once), NOW + 5)
    assert verified is not None
    assert (verified.is_live(NOW + 6), verified.is_live(NOW + 11 * DAY)) == (True, False)
    assert (is_due(verified, NOW + 7 * DAY), is_due(verified, NOW + 7.6 * DAY)) == (False, True)
    renewing = asked(verified, NOW + 7.6 * DAY)
    assert (
        renewing.is_live(NOW + 7.7 * DAY),
        is_due(renewing, NOW + 7.61 * DAY),
        is_due(renewing, NOW + 7.7 * DAY),
    ) == (True, False, True)


@pytest.mark.parametrize(
    "instead",
    [
        {"topic": "https://www.example.org/other"},
        {"mode": "unsubscribe"},
        {"mode": ""},
        {"challenge": ""},
        {"challenge": "x" * 5000},
    ],
)
def test_only_what_was_asked_is_confirmed(one: HubSubscription, instead: dict[str, str]) -> None:
    assert verification(asked(one, NOW), query(one, **instead), NOW) == (404, "", None)
    assert verification(None, query(one), NOW) == (404, "", None)
    assert verification(one, query(one), NOW) == (404, "", None)  # never asked


@pytest.mark.parametrize(
    ("lease", "days"), [("864000", 10), ("", 1), ("0", 1), ("-5", 1), ("99999999999", 1), ("999999999", 90)]
)
def test_leases_of_all_lengths(one: HubSubscription, lease: str, days: float) -> None:
    _, _, verified = verification(asked(one, NOW), query(one, lease_seconds=lease), NOW)
    assert verified is not None
    assert verified.expires_at == NOW + days * DAY


def test_a_denial_is_taken_and_asked_again_in_a_day(one: HubSubscription) -> None:
    status, _, denied = verification(asked(one, NOW), query(one, mode="denied"), NOW)
    assert denied is not None
    assert (status, denied.is_live(NOW), is_due(denied, NOW + DAY - 1), is_due(denied, NOW + DAY)) == (
        200,
        False,
        False,
        True,
    )


def signed(method: str, body: bytes, secret: str = "secret") -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


@pytest.mark.parametrize(
    ("method", "verdict"),
    [
        ("sha256", "good"),
        ("sha384", "good"),
        ("sha512", "good"),
        ("sha1", "weak"),
        ("md5", "wrong"),
        ("sha3_256", "wrong"),
    ],
)
def test_signatures(method: str, verdict: str) -> None:
    assert signature_verdict("secret", signed(method, b"body"), b"body") == verdict
    assert signature_verdict("secret", signed(method, b"body").upper(), b"body") == verdict
    assert signature_verdict("secret", signed(method, b"other"), b"body") == "wrong"
    assert signature_verdict("secret", signed(method, b"body", "guess"), b"body") == "wrong"


@given(st.text(max_size=80))
def test_no_signature_is_right_by_chance(told: str) -> None:
    assert signature_verdict("secret", told, b"body") == "wrong"
    assert signature_verdict("secret", f"sha256={told}", b"body") == "wrong"


@pytest.mark.parametrize(
    ("header", "hubs", "self_url"),
    [
        ("", ("https://in-feed.example.net/",), None),
        ('<https://hub.example.net/>; rel="hub", </all>; rel=self', ("https://hub.example.net/", "https://in-feed.example.net/"), "https://www.example.org/all"),
        ('<https://a.example.net/>; title="x, y"; rel="hub self"', ("https://a.example.net/", "https://in-feed.example.net/"), "https://a.example.net/"),
        ("<javascript:x>; rel=hub, <https://b/>; rel=next, junk", ("https://in-feed.example.net/",), None),
    ],
)  # fmt: skip
def test_link_headers(header: str, hubs: tuple[str, ...], self_url: str | None) -> None:
    feed = with_link_header(
        Feed("Atom", hubs=("https://in-feed.example.net/",)), header, "https://www.example.org/feed"
    )
    assert (feed.hubs, feed.self_url) == (hubs, self_url)
