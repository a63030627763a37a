"""The reference of every setting, as Markdown, made from the settings themselves: `docs/settings.md`.

Regenerate with `python -m wirewatch.settings_reference > docs/settings.md`; a test compares the two.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from wirewatch.settings import PREFIX, Settings

NESTING = "__"
HEADER = """\
# Settings

Every setting, made from `wirewatch/settings.py` by `python -m wirewatch.settings_reference`: don't edit \
this page.

A setting comes from the environment (`WIREWATCH_KAFKA__BOOTSTRAP_SERVERS`: two underscores before a \
section's own setting) or from a TOML file given with `--config FILE` (`[kafka]`, \
`bootstrap_servers = "…"`). The environment wins over the file, an option of the command line over both. \
A setting that is unknown in the file, or out of bounds anywhere, stops the program with exit code 2 and \
all faults at once.
"""
COLUMNS = "| variable | type | default | meaning |\n|---|---|---|---|\n"


def settings_markdown() -> str:
    """The whole page, ending in a newline. The same for everyone: no path of this machine is in it."""
    plain = {name: field for name, field in Settings.model_fields.items() if not _is_section(field)}
    parts = [HEADER, "\n## General\n\n", COLUMNS, *_rows(plain, ())]
    for name, field in Settings.model_fields.items():
        if _is_section(field):
            section = field.annotation
            assert isinstance(section, type)
            assert issubclass(section, BaseModel)
            parts += [f"\n## `[{name}]`\n\n{section.__doc__}\n\n", COLUMNS]
            parts += _rows(section.model_fields, (name,))
    return "".join(parts)


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _rows(fields: dict[str, FieldInfo], path: tuple[str, ...]) -> Iterator[str]:
    for name, field in fields.items():
        variable = PREFIX + NESTING.join((*path, name)).upper()
        meaning = "; ".join(part for part in (field.description or "", _bounds(field)) if part)
        yield f"| `{variable}` | {_type_name(field.annotation)} | {_default(name, field)} | {meaning} |\n"


def _type_name(annotation: object) -> str:
    origin = get_origin(annotation)
    if origin is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(annotation))
    if origin in (Union, types.UnionType):
        return " or ".join(_type_name(arg) for arg in get_args(annotation) if arg is not type(None))
    plain = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
    name = getattr(annotation, "__name__", str(annotation))
    return {**plain, "Path": "path", "SecretStr": "secret", "tuple": "list"}.get(name, name)


def _default(name: str, field: FieldInfo) -> str:
    if field.default_factory is not None:
        folder = "data" if name == "data_dir" else "cache"
        return f"the user's {folder} folder, `wirewatch` in it"
    if field.default is None:
        return "–"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"


def _bounds(field: FieldInfo) -> str:
    signs = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "pattern": "matches"}
    found = [
        f"{words} `{limit}`"
        for constraint in field.metadata
        for sign, words in signs.items()
        if (limit := getattr(constraint, sign, None)) is not None
    ]
    return ", ".join(found).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(settings_markdown())
