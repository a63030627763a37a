"""What `up` draws: it fits the terminal, and no text in it turns its neighbours around."""

from __future__ import annotations

import msgspec
import pytest
from rich.console import Console

from schemas.alert import Alert
from schemas.topics import ALERTS, ENRICHED
from schemas.wire import encode
from tests.unit.sinks.records import article
from wirewatch.arrivals import ARTICLES_KEPT, Arrivals
from wirewatch.show import ISOLATE, POP_ISOLATE, board

LONG = "أعلنت وزارة الخزانة الأميركية، الخميس، فرض عقوبات على 9 كيانات و5 أفراد [bold] \x1b[31m "


def _arrivals(articles: int, alerts: int) -> Arrivals:
    arrivals = Arrivals()
    for number in range(articles):
        arrivals.add(
            ENRICHED.name, encode(msgspec.structs.replace(article(id=f"a{number}"), source=f"s{number}."))
        )
    for number in range(alerts):
        alert = Alert(
            id=f"{number}", rule="r", key="k", created_at="", severity="critical", title=f"{LONG * 3}", text=LONG * 5,
            article_id="a", source="s", language="ar",
        )  # fmt: skip
        arrivals.add(ALERTS.name, encode(alert))
    return arrivals


def _drawn(arrivals: Arrivals, width: int, height: int) -> list[str]:
    console = Console(width=width, height=height, force_terminal=False)
    with console.capture() as captured:
        console.print(board(arrivals, "7 records on their way", width, height))
    return captured.get().splitlines()


@pytest.mark.parametrize(("width", "height"), [(60, 12), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize(("articles", "alerts"), [(0, 0), (3, 0), (0, 5), (100, 1), (100, 100)])
def test_the_board_fits_and_each_line_closes_what_it_opens(
    width: int, height: int, articles: int, alerts: int
) -> None:
    lines = _drawn(_arrivals(articles, alerts), width, height)
    assert len(lines) < height
    for line in lines:
        assert line.count(ISOLATE) == line.count(POP_ISOLATE)
        assert "\x1b" not in line
    assert "7 records on their way" in lines[-1]
    assert sum("●" in line for line in lines) >= min(alerts, 1)
    assert any(f"s{articles - 1}." in line for line in lines) == bool(articles)


def test_the_newest_comes_first() -> None:
    lines = _drawn(_arrivals(5, 0), 200, 60)
    rows = [line for line in lines if "s4." in line or "s0." in line]
    assert "s4." in rows[0]
    assert "s0." in rows[1]


def test_memory_is_bounded_and_all_are_counted() -> None:
    arrivals = _arrivals(ARTICLES_KEPT + 10, 0)
    assert len(arrivals.articles) == ARTICLES_KEPT
    assert arrivals.articles_seen == ARTICLES_KEPT + 10
