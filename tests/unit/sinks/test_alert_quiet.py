from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from sinks.alerts.build import build_alert
from sinks.alerts.memory import silence_of
from sinks.alerts.outlet import SINGLE_MESSAGES_MAX, Outlet
from sinks.alerts.quiet import held_until, quiet_until, silenced
from sinks.alerts.rule import QuietHours, Rule
from sinks.elasticsearch.documents import AlertDocument

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
NIGHT = QuietHours(start="22:00", to="07:00", zone="Europe/Berlin")


def _alert(**changes: Any) -> AlertDocument:
    rule = Rule(id="missile-tests", watch="articles", query={"match_all": {}})
    document = {"id": "a", "source": "s", "fetched_at": NOW.isoformat(), "text": "t"}
    return msgspec.structs.replace(build_alert(rule, document, NOW), **changes)


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-03-04T20:59+00:00", None),
        ("2026-03-04T21:00+00:00", "2026-03-05T06:00+00:00"),
        ("2026-03-05T05:59+00:00", "2026-03-05T06:00+00:00"),
        ("2026-03-05T06:00+00:00", None),
        ("2026-03-28T23:00+00:00", "2026-03-29T05:00+00:00"),  # the night in which clocks go forward
        ("2026-07-01T20:00+00:00", "2026-07-02T05:00+00:00"),
    ],
)
def test_quiet_hours_go_by_the_clock_on_the_wall(moment: str, ends: str | None) -> None:
    found = quiet_until(NIGHT, datetime.fromisoformat(moment))
    assert found == (datetime.fromisoformat(ends) if ends else None)


def test_quiet_days_are_those_on_which_it_begins() -> None:
    weekend = QuietHours(start="20:00", to="08:00", days=["fri", "sat"])
    assert quiet_until(weekend, datetime(2026, 3, 8, 7, tzinfo=UTC)) is not None  # Sunday, begun on Saturday
    assert quiet_until(weekend, datetime(2026, 3, 8, 21, tzinfo=UTC)) is None


def test_some_are_woken() -> None:
    rule = Rule(id="r", watch="articles", query={"match_all": {}}, quiet_hours=NIGHT)
    midnight = datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert held_until(rule, midnight) is not None
    assert held_until(msgspec.structs.replace(rule, severity="critical"), midnight) is None


@pytest.mark.parametrize(
    ("rule", "group", "starts", "expected"),
    [
        ("missile-tests", None, 0, True),
        ("missile-*", None, 0, True),
        ("other", None, 0, False),
        ("missile-tests", "Pyongyang", 0, True),
        ("missile-tests", "Tehran", 0, False),
        ("missile-tests", None, -3, False),
        ("missile-tests", None, 1, False),
    ],
)
def test_a_silence_has_a_rule_a_group_and_an_end(
    rule: str, group: str | None, starts: int, expected: bool
) -> None:
    silence = silence_of(
        rule, NOW + timedelta(hours=starts), timedelta(hours=2), "exercise", group=group, owner="Kim"
    )
    why = silenced(_alert(group="Pyongyang"), [silence], NOW)
    assert (why is not None) is expected
    assert why is None or ("exercise" in why and "by Kim" in why)


class _Reader:
    name = "desk"

    def send(self, alert: object) -> None:
        pass

    def send_together(self, alerts: object) -> None:
        pass


def test_a_channel_has_what_is_meant_for_it() -> None:
    desk = Outlet(_Reader(), default=False, severity="warning")
    assert not desk.wants(_alert())
    assert desk.wants(_alert(channels=["desk"]))
    assert not desk.wants(_alert(channels=["desk"], severity="info"))
    assert not desk.wants(_alert(channels=["desk"], delivered_to=["desk"]))
    assert not desk.wants(_alert(channels=["desk"], undelivered=["desk: answered 400"]))
    assert Outlet(_Reader(), always=True).wants(_alert(channels=["other"]))


def test_a_digest_is_due_at_the_full_hour_after_the_alert() -> None:
    hourly = Outlet(_Reader(), digest=timedelta(hours=1))
    alert = _alert(created_at="2026-03-04T05:20:00.000+00:00")
    assert hourly.due_at(alert, datetime(2026, 3, 4, 5, 30, tzinfo=UTC)) == NOW
    assert hourly.must_gather(1)


def test_many_messages_in_a_short_time_are_gathered() -> None:
    desk = Outlet(_Reader())
    for second in range(SINGLE_MESSAGES_MAX):
        assert desk.paced_until(NOW) is None
        desk.hand_over([_alert()], NOW + timedelta(seconds=second))
    assert desk.paced_until(NOW + timedelta(minutes=1)) == NOW + timedelta(minutes=10)
    assert desk.paced_until(NOW + timedelta(minutes=10)) is None
