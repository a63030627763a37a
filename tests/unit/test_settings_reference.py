"""The settings' page is made from the settings, and the committed one is up to date."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from wirewatch.settings import PREFIX, Settings
from wirewatch.settings_reference import settings_markdown

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def variables(model: type[BaseModel], path: tuple[str, ...] = ()) -> list[str]:
    found: list[str] = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found += variables(kind, (*path, name))
        else:
            found.append(PREFIX + "__".join((*path, name)).upper())
    return found


def test_the_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_markdown(), (
        "run: python -m wirewatch.settings_reference > docs/settings.md"
    )


def test_every_setting_is_on_the_page_once() -> None:
    rows = [line for line in settings_markdown().splitlines() if line.startswith(f"| `{PREFIX}")]
    assert [row.split("`")[1] for row in rows] == variables(Settings)


def test_a_row_says_type_default_and_bounds() -> None:
    (row,) = [line for line in settings_markdown().splitlines() if "KAFKA__PARTITIONS" in line]
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "`WIREWATCH_KAFKA__PARTITIONS`",
        "whole number",
        "`4`",
        "for topics that wirewatch creates; at least `1`, at most `512`",
    ]


def test_the_page_is_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = settings_markdown()
    monkeypatch.setenv("XDG_DATA_HOME", "/elsewhere")
    monkeypatch.setenv("WIREWATCH_KAFKA__PARTITIONS", "9")
    assert settings_markdown() == before
    assert str(Path.home()) not in before
