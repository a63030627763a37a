"""What we depend on has licences we may use, and no fault that the registry knows of."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.security.dependencies import (
    EXCEPTIONS,
    FIRST,
    Audit,
    _asked,
    audit,
    bill,
    forbidden,
    pinned,
    verdict,
)


@pytest.fixture(scope="module")
def components() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bill()["components"]
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_bill_has_every_locked_package(components: list[dict[str, Any]]) -> None:
    listed = {normal(one["name"]): one["version"] for one in components}
    locked = {normal(name): version for name, version in pinned().items()}
    assert {name: listed.get(name) for name in locked} == locked


def test_every_licence_is_one_we_may_use(components: list[dict[str, Any]]) -> None:
    locked = {normal(name) for name in pinned()}
    ours = [one for one in components if normal(one["name"]) in locked]
    assert len(ours) > 150
    assert {one["name"]: forbidden(one) for one in ours if forbidden(one)} == {}
    assert {normal(name) for name in EXCEPTIONS} <= locked


@pytest.mark.parametrize(
    ("licences", "faults"),
    [
        ([{"license": {"id": "GPL-3.0-only"}}], ["GPL-3.0-only"]),
        ([{"expression": "MIT AND GPL-3.0-only"}], ["MIT AND GPL-3.0-only"]),
        ([{"expression": "GPL-3.0-only OR (MIT AND ISC)"}], []),
        ([{"license": {"name": "License :: OSI Approved :: GNU General Public License (GPL)"}}], ["GNU General Public License (GPL)"]),
        ([], ["none told"]),
    ],
)  # fmt: skip
def test_a_licence_that_asks_for_more_is_found(licences: list[dict[str, Any]], faults: list[str]) -> None:
    assert forbidden({"name": "x", "licenses": licences}) == faults


def test_no_answer_is_no_all_clear() -> None:
    silent = verdict({"dependencies": [{"name": "a", "skip_reason": "Dependency not found on PyPI"}]})
    assert (silent.exit_code, "NOT AUDITED" in str(silent)) == (3, True)
    faulty = verdict({"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}]})
    assert (faulty.exit_code, str(faulty).splitlines()[0]) == (1, "FAULT a 1: PYSEC-1")
    assert verdict({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}) == Audit((), 1, ())


def test_no_locked_version_has_a_fault_that_is_known() -> None:
    """Skipped, also where nothing else may be, for a registry that serves no advisories: never passed."""
    packages = pinned()
    if not _asked({FIRST: packages[FIRST]}).audited:
        pytest.skip("not audited: the package registry serves no advisories here")
    assert audit(packages).faults == ()
