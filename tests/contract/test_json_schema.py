"""The committed JSON Schemas: those of the code, and true of what travels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemas.json_schema import (
    GENERATED,
    RECORDS,
    json_schema,
    schema_file,
    schema_text,
    stale_schemas,
    write_schemas,
)

SAMPLES = Path(__file__).parent / "wire_samples" / "v1"


@pytest.mark.parametrize("name", RECORDS)
def test_the_committed_schema_is_that_of_the_code(name: str) -> None:
    """If this fails: `wirewatch schema write`, and look at what changed: only additions may."""
    assert schema_file(name).read_text(encoding="utf-8") == schema_text(name)


def test_nothing_else_is_committed_there() -> None:
    assert {path.name for path in GENERATED.iterdir()} == {f"{name}.schema.json" for name in RECORDS}


@pytest.mark.parametrize("name", RECORDS)
def test_a_sample_is_valid_and_a_broken_one_is_not(name: str) -> None:
    schema = json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    sample: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_bytes())
    jsonschema.validate(sample, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(sample | {"id": 5}, schema)


def test_a_stale_schema_is_found_and_written_anew(tmp_path: Path) -> None:
    assert stale_schemas(tmp_path) == list(RECORDS)
    assert len(write_schemas(tmp_path)) == len(RECORDS)
    assert stale_schemas(tmp_path) == []
    schema_file("alert", tmp_path).write_text("{}", encoding="utf-8")
    assert write_schemas(tmp_path) == [schema_file("alert", tmp_path)]
