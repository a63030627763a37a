"""The records as JSON Schema, for those who write or read the topics in another language.

Generated from the Structs and committed under `schemas/generated/`; a test says when they differ.
"""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from schemas.alert import Alert, Told
from schemas.article import Article, Record
from schemas.dead_letter import DeadLetter
from schemas.designation import Designation, SanctionMention

RECORDS: dict[str, type[Record]] = {
    "article": Article,
    "sanction_mention": SanctionMention,
    "designation": Designation,
    "alert": Alert,
    "told": Told,
    "dead_letter": DeadLetter,
}
GENERATED = Path(__file__).parent / "generated"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one record of `RECORDS`. Raises `KeyError` for another name."""
    return {"$schema": DIALECT, **_dedented(msgspec.json.schema(RECORDS[name]))}


def schema_text(name: str) -> str:
    """The schema as it is committed: indented, keys sorted, so that a diff shows what changed."""
    encoded = msgspec.json.encode(json_schema(name), order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def schema_file(name: str, folder: Path = GENERATED) -> Path:
    """Where a record's schema is kept."""
    return folder / f"{name}.schema.json"


def write_schemas(folder: Path = GENERATED) -> list[Path]:
    """Write every record's schema; the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = [schema_file(name, folder) for name in stale_schemas(folder)]
    for name in stale_schemas(folder):
        schema_file(name, folder).write_text(schema_text(name), encoding="utf-8")
    return changed


def stale_schemas(folder: Path = GENERATED) -> list[str]:
    """The records whose committed schema is missing or not what the code says."""
    return [
        name
        for name in RECORDS
        if not schema_file(name, folder).is_file()
        or schema_file(name, folder).read_text(encoding="utf-8") != schema_text(name)
    ]


def _dedented(schema: Any) -> Any:
    """The schema with its descriptions dedented, as Python does itself from 3.13 on."""
    if isinstance(schema, list):
        return [_dedented(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: cleandoc(value) if key == "description" and isinstance(value, str) else _dedented(value)
        for key, value in schema.items()
    }
