"""The lexicons as files: YAML lets the later of two equal keys win, and the words of the first are lost."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
import yaml

FILES = sorted(
    Path(str(resources.files("processors"))).glob("*/**/*.yaml"),
)


def test_there_are_lexicons() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_key_stands_twice(path: Path) -> None:
    waiting = [yaml.compose(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(keys) == len(set(keys)), sorted({key for key in keys if keys.count(key) > 1})
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
