"""Alert rules: YAML files, checked before use, each fault with its file and line.

A rule is an Elasticsearch query over one kind of document (`sinks.elasticsearch.documents`), and what
an alert looks like when it matches: the document's field that makes it one alert and not two (`key`), a
severity, and a title in which `$field` stands for the document's own value, and `$summary`, of a
sanction, for who did what upon whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal

import jsonschema
import msgspec
import yaml

from schemas.alert import Severity
from schemas.article import Record
from sinks.elasticsearch.documents import ArticleDocument, SanctionDocument

BUILTIN_DIR = Path(__file__).parent / "rules"
SUFFIXES = (".yaml", ".yml")
COMPOSED = {"sanctions": frozenset({"summary"})}
WATCHED: dict[str, type[Record]] = {"articles": ArticleDocument, "sanctions": SanctionDocument}


class Rule(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule. `query` is an Elasticsearch query; `key` a field of the document."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
    watch: Literal["articles", "sanctions"]
    query: Annotated[dict[str, Any], msgspec.Meta(min_length=1)]
    key: str = "id"
    severity: Severity = "warning"
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] = "$title"
    description: str = ""
    enabled: bool = True


class _Loader(yaml.SafeLoader):
    """YAML whose words stay words: Norwegian is `no`, and a date is what Elasticsearch makes of it."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Aliases are refused: a rule has no need of them, and a few of them unfold without end."""
        if self.check_event(yaml.AliasEvent):
            alias = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "an alias (*) can't be used in a rule", alias.start_mark
            )
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":bool", ":timestamp"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a rule file. `line` counts from 1."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class RuleError(Exception):
    """Rules that can't be used; `faults` lists everything wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = list(faults)


def rule_files(folder: Path | None = None) -> list[Path]:
    """The built-in rule files, and those of a folder of one's own, by name.

    Raises `FileNotFoundError` where the folder is not there: silence would be taken for no alerts.
    """
    own: list[Path] = []
    if folder is not None:
        if not folder.is_dir():
            raise FileNotFoundError(f"no folder of rules at {folder}")
        own = [path for path in folder.iterdir() if path.suffix in SUFFIXES]
    builtin = [path for path in BUILTIN_DIR.iterdir() if path.suffix in SUFFIXES]
    return sorted(builtin) + sorted(own)


def load_rules(files: Iterable[Path]) -> list[Rule]:
    """The rules in the files, one a file. Raises `RuleError` with every fault of every file."""
    rules: dict[str, tuple[Rule, Path]] = {}
    faults: list[Fault] = []
    for file in files:
        try:
            rule = load_rule(file)
        except RuleError as error:
            faults += error.faults
            continue
        if rule.id in rules:
            faults.append(Fault(file, 1, f"the id {rule.id!r} is taken by {rules[rule.id][1]}"))
        rules[rule.id] = (rule, file)
    if faults:
        raise RuleError(faults)
    return [rule for rule, _ in rules.values()]


def load_rule(file: Path) -> Rule:
    """The rule in one file. Raises `RuleError` with all its faults."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError([Fault(file, 1, f"can't be read: {error}")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or str(error)
        raise RuleError([Fault(file, mark.line + 1 if mark else 1, f"not YAML: {message}")]) from error
    if node is None:
        raise RuleError([Fault(file, 1, "the file is empty")])
    faults = [Fault(file, line, message) for line, message in _faults(node)]
    if faults:
        raise RuleError(sorted(faults, key=lambda fault: fault.line))
    return msgspec.convert(_value(node), Rule)


def _faults(node: yaml.Node) -> Iterator[tuple[int, str]]:
    try:
        value = _value(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield (mark.line + 1 if mark else 1), f"not YAML: {getattr(error, 'problem', error)}"
        return
    yield from _duplicate_keys(node)
    wrong = False
    for breach in _VALIDATOR.iter_errors(value):
        wrong = True
        path = list(breach.absolute_path)
        place = ".".join(map(str, path)) or "the rule"
        yield _line(node, path), f"{place}: {breach.message}"
    if not wrong:
        yield from _unknown_fields(node, msgspec.convert(value, Rule))


def _unknown_fields(node: yaml.Node, rule: Rule) -> Iterator[tuple[int, str]]:
    known = {*WATCHED[rule.watch].__struct_fields__} - {"record"}
    if rule.key not in known:
        yield _line(node, ["key"]), f"key: {rule.key!r} is no field of {rule.watch}"
    template = Template(rule.title)
    if not template.is_valid():
        yield _line(node, ["title"]), "title: a $ must begin a field's name, or be written $$"
        return
    for name in template.get_identifiers():
        if name not in known | COMPOSED.get(rule.watch, frozenset()):
            yield _line(node, ["title"]), f"title: ${name} is no field of {rule.watch}"


def _value(node: yaml.Node) -> Any:
    loader = _Loader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _duplicate_keys(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """Keys given twice, of which YAML would quietly take the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.start_mark.line + 1, f"{key.value!r} is given twice"
            seen.add(key.value)
            yield from _duplicate_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _duplicate_keys(item)


def _line(node: yaml.Node, path: Sequence[str | int]) -> int:
    """The line of the value at the path, or of the nearest thing around it that is there."""
    line: int = node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(step)]
            if not found:
                return line
            key, node = found[-1]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


_VALIDATOR = jsonschema.Draft202012Validator(msgspec.json.schema(Rule))
