"""A channel that failed while the clock was ahead is not left alone until that time comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.alert import Alert
from sinks.alerts.build import build_alert
from sinks.alerts.channels import ChannelError
from sinks.alerts.outlet import LONGEST_RETRY_SECONDS, Outlet
from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.sink import watched_document
from tests.unit.sinks.records import mention

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Down:
    name = "down"

    def send(self, alert: Alert) -> None:  # noqa: ARG002
        raise ChannelError("away")


@pytest.mark.parametrize(("ahead", "waits"), [(timedelta(), True), (timedelta(hours=2), False)])
def test_a_clock_put_back(ahead: timedelta, waits: bool) -> None:
    document = watched_document(mention(), "sanctions")
    assert document is not None
    [builtin] = load_rules(rule_files())
    alert = build_alert(builtin, document, NOW)
    outlet = Outlet(Down())
    with pytest.raises(ChannelError):
        outlet.hand_over([alert], NOW + ahead)  # type: ignore[list-item]
    assert (outlet.due_at(alert, NOW) > NOW) is waits
    assert outlet.due_at(alert, NOW) <= NOW + timedelta(seconds=LONGEST_RETRY_SECONDS)
