"""Who reads what, in the order of the flow."""

from __future__ import annotations

from wirewatch.lag import Reader, readers


def test_readers_stand_in_the_order_of_the_flow() -> None:
    live = readers("live")
    assert [reader.topic for reader in live[:5]] == [
        "articles.raw",
        "articles.clean",
        "articles.clustered",
        "articles.understood",
        "sanctions.mentions",
    ]
    assert Reader("wirewatch-sink-elasticsearch", "articles.enriched") in live
    assert Reader("wirewatch-sink-alerts", "sanctions.decided") in live


def test_nobody_alerts_on_a_backfill() -> None:
    backfill = readers("backfill")
    assert Reader("wirewatch-backfill-intake", "backfill.articles.raw") in backfill
    alerting = [reader.topic for reader in backfill if "alerts" in reader.group]
    assert alerting == ["sanctions.decided"]  # shared by both lanes; what the backfill brought is never new
