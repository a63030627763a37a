"""Quality tests read the shared data beside the checkout; without it they skip, on CI they fail."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder, which holds `data/`."""
    if (SHARED / "data").is_dir():
        return SHARED
    if os.environ.get("CI") == "true":
        pytest.fail(f"no shared data at {SHARED}")
    pytest.skip(f"no shared data at {SHARED}")
