"""Documents are taken apart by the percolator only where a rule watches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sinks.alerts.stored import percolate


@pytest.mark.parametrize(("rules", "asked"), [(0, 0), (3, 1)])
def test_nothing_is_asked_about_where_no_rule_watches(rules: int, asked: int) -> None:
    searched: list[dict[str, Any]] = []

    def search(**given: Any) -> dict[str, Any]:
        searched.append(given)
        return {"hits": {"hits": []}}

    client: Any = SimpleNamespace(count=lambda **_: {"count": rules}, search=search)
    assert percolate(client, "w", "articles", [{"id": "a"}], lambda _: None) == ([], {})
    assert len(searched) == asked
