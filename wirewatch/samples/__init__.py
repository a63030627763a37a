"""Sample articles: invented news in nine languages, for a first run and for tests. See README.md here."""

from __future__ import annotations

from pathlib import Path

SAMPLES_DIR = Path(__file__).parent


def sample_files() -> list[Path]:
    """The sample articles, one JSON Lines file per invented outlet, in the order of their names."""
    return sorted(SAMPLES_DIR.glob("*.jsonl"))
