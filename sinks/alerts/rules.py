"""Alert rules: YAML files, checked before use, each fault with its file and line.

A rule (`sinks.alerts.rule`) asks about one kind of document (`sinks.elasticsearch.documents`). In its
title `$field` stands for the document's own value, and `$summary`, of a sanction, for who did what upon
whom. `docs/alerts.md` tells authors all of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jsonschema
import msgspec
import yaml
from jsonschema.exceptions import ValidationError

from sinks.alerts.matching import words_query
from sinks.alerts.rule import WATCHED, Rule
from sinks.elasticsearch.query import QueryError

__all__ = [
    "WATCHED",
    "Fault",
    "Rule",
    "RuleError",
    "load_rule",
    "load_rules",
    "parse_rule",
    "rule_files",
    "unknown_channels",
]

BUILTIN_DIR = Path(__file__).parent / "rules"
CHANNELS_FILE = "channels.yaml"
MESSAGE_CHARACTERS_MAX = 500
SUFFIXES = (".yaml", ".yml")
NEEDED = {
    "new": ("window", "terms"),
    "frequency": ("window", "count"),
    "spike": ("window", "count", "factor"),
    "flatline": ("window",),
    "cardinality": ("window", "count", "of"),
}
ALLOWED = {"flatline": ("count",)}
DEPTH_MAX = 40
COMPOSED = {"sanctions": frozenset({"summary"})}


class _Loader(yaml.SafeLoader):
    """YAML whose words stay words: Norwegian is `no`, a date is what Elasticsearch makes of it, and 22:00
    is a time of day.
    """

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Aliases, tags and depth without end are refused: a rule has no need of them, and they fill memory
        or make what is no JSON.
        """
        if self.check_event(yaml.AliasEvent):
            alias = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "an alias (*) can't be used in a rule", alias.start_mark
            )
        begun = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(begun, "tag", None) is not None:
            raise yaml.composer.ComposerError(
                None, None, "a tag (!) can't be used in a rule", begun.start_mark
            )
        if self._depth >= DEPTH_MAX:
            raise yaml.composer.ComposerError(
                None, None, f"nested more than {DEPTH_MAX} deep", begun.start_mark
            )
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":bool", ":timestamp", ":int"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^[-+]?(?:0|[1-9][0-9]{0,17})$"), list("-+0123456789")
)


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
        own = [path for path in folder.iterdir() if path.suffix in SUFFIXES and path.name != CHANNELS_FILE]
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
            line = line_of(compose(read(file), file), ["id"])
            faults.append(Fault(file, line, f"the id {rule.id!r} is taken by {rules[rule.id][1]}"))
        rules[rule.id] = (rule, file)
    if faults:
        raise RuleError(faults)
    return [rule for rule, _ in rules.values()]


def unknown_channels(files: Iterable[Path], known: Collection[str]) -> list[Fault]:
    """The channels that rules name and that there are none of, each on its line. Raises `RuleError`."""
    return [
        Fault(file, line_of(compose(read(file), file), ["channels", i]), f"there is no channel {name}")
        for file in files
        for i, name in enumerate(load_rule(file).channels)
        if name not in known
    ]


def load_rule(file: Path) -> Rule:
    """The rule in one file. Raises `RuleError` with all its faults."""
    return parse_rule(read(file), file)


def parse_rule(text: str, file: Path = Path("rule")) -> Rule:
    """The rule in a text, `file` being what its faults are told of. Raises `RuleError` with all of them."""
    node = compose(text, file)
    faults = [Fault(file, line, shown(message)) for line, message in _faults(node)]
    if faults:
        raise RuleError(sorted(faults, key=lambda fault: fault.line))
    return msgspec.convert(value_of(node), Rule)


def shown(message: str) -> str:
    """A message short enough to be read: what is quoted in it may be as long as the file."""
    return message if len(message) <= MESSAGE_CHARACTERS_MAX else f"{message[:MESSAGE_CHARACTERS_MAX]}…"


def read(file: Path) -> str:
    """What stands in the file. Raises `RuleError` where it can't be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError([Fault(file, 1, f"can't be read: {error}")]) from error


def compose(text: str, file: Path) -> yaml.Node:
    """The YAML's nodes, with their lines. Raises `RuleError`."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or str(error)
        raise RuleError([Fault(file, mark.line + 1 if mark else 1, shown(f"not YAML: {message}"))]) from error
    if node is None:
        raise RuleError([Fault(file, 1, "the file is empty")])
    return node


def _faults(node: yaml.Node) -> Iterator[tuple[int, str]]:
    wrong = list(breaches(node, _VALIDATOR))
    yield from wrong
    if not wrong:
        try:
            rule = msgspec.convert(value_of(node), Rule)
            msgspec.json.encode(rule)
        except (msgspec.ValidationError, UnicodeEncodeError, TypeError) as error:  # a key that JSON has not
            yield node.start_mark.line + 1, str(error)
            return
        for place, message in (*_unknown_fields(rule), *_missing(rule), *_meaningless(rule)):
            yield line_of(node, place.split(".")), f"{place}: {message}"
        yield from _faulty_words(node, rule)


def _faulty_words(node: yaml.Node, rule: Rule) -> Iterator[tuple[int, str]]:
    """What can't be asked in a rule's words, on the very line where they are a block of several."""
    if rule.words is None:
        return
    try:
        words_query(rule)
    except QueryError as error:
        [value] = [value for key, value in node.value if key.value == "words"]
        above = 1 + rule.words[: error.at].count("\n") if value.style == "|" else 0
        yield value.start_mark.line + 1 + above, f"words: {error.message} (at character {error.at + 1})"


def breaches(node: yaml.Node, validator: jsonschema.Draft202012Validator) -> Iterator[tuple[int, str]]:
    """What is wrong with the nodes by a JSON Schema, each with its line."""
    try:
        value = value_of(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield (mark.line + 1 if mark else 1), f"not YAML: {getattr(error, 'problem', error)}"
        return
    yield from _duplicate_keys(node)
    for breach in chain.from_iterable(map(_narrowed, validator.iter_errors(value))):
        path = list(breach.absolute_path)
        if breach.validator == "additionalProperties" and breach.validator_value is False:
            yield from _unknown_names(node, path, breach)
            continue
        place = ".".join(map(str, path)) or "the whole"
        yield line_of(node, path), f"{place}: {breach.message}"


def _unknown_names(
    node: yaml.Node, path: list[str | int], breach: ValidationError
) -> Iterator[tuple[int, str]]:
    """Each name that there is none of, on its own line, and which may be meant."""
    schema: Any = breach.schema
    instance: Any = breach.instance
    known = schema["properties"]
    for name in instance:
        if name not in known:
            close = get_close_matches(str(name), known, n=1)
            meant = f"; did you mean {close[0]}?" if close else ""
            yield line_of(node, [*path, name]), f"there is no {'.'.join(map(str, [*path, name]))}{meant}"


def _narrowed(breach: ValidationError) -> list[ValidationError]:
    """What is wrong with a value that may also be left out, and not that it is none of both."""
    branches = {each.schema_path[0] for each in breach.context or () if each.validator_value != "null"}
    if breach.validator != "anyOf" or len(branches) != 1:
        return [breach]
    within = [each for each in breach.context or () if each.schema_path[0] in branches]
    return [narrow for each in within for narrow in _narrowed(each)]


def _unknown_fields(rule: Rule) -> Iterator[tuple[str, str]]:
    """Fields that the watched documents do not have, which would never match and never be told."""
    known = {*WATCHED[rule.watch].__struct_fields__} - {"record"}
    named = [("key", rule.key), ("of", rule.of), *((f"where.{field}", field) for field in rule.where)]
    for listed in ("query_key", "terms"):
        named += [(f"{listed}.{i}", field) for i, field in enumerate(getattr(rule, listed))]
    for place, field in named:
        if field is not None and field not in known:
            yield place, f"{field!r} is no field of {rule.watch}"
    if rule.watchlists and rule.watch != "articles":
        yield "watchlists", "only articles carry watchlists"
    for place, text in (
        ("title", rule.title),
        *((f"titles.{code}", each) for code, each in rule.titles.items()),
    ):
        yield from ((place, message) for message in _template_faults(text, known, rule.watch))


def _template_faults(text: str, known: set[str], watch: str) -> Iterator[str]:
    template = Template(text)
    if not template.is_valid():
        yield "a $ must begin a field's name, or be written $$"
        return
    for name in template.get_identifiers():
        if name not in known | COMPOSED.get(watch, frozenset()):
            yield f"${name} is no field of {watch}"


def _missing(rule: Rule) -> Iterator[tuple[str, str]]:
    """What a rule of its type can't do without."""
    asks = rule.query or rule.words or rule.entities or rule.watchlists or rule.where
    if not asks and rule.type != "designation":
        yield "query", "it looks for nothing: give query, words, entities, watchlists or where"
    for name in NEEDED.get(rule.type, ()):
        if not getattr(rule, name):
            yield "type", f"a rule of type {rule.type} needs {name}"


def _meaningless(rule: Rule) -> Iterator[tuple[str, str]]:
    """What says nothing in a rule of its type, so that its author meant something else."""
    if rule.type == "designation" and rule.watch != "sanctions":
        yield "watch", "a rule of type designation watches sanctions"
    for name in ("window", "count", "factor", "of", "terms"):
        if getattr(rule, name) and name not in (*NEEDED.get(rule.type, ()), *ALLOWED.get(rule.type, ())):
            yield name, f"means nothing in a rule of type {rule.type}"
    if rule.counts and rule.key is not None:
        yield "key", f"means nothing in a rule of type {rule.type}, which groups by query_key"
    try:
        ZoneInfo(rule.quiet_hours.zone if rule.quiet_hours else "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
        yield "quiet_hours.zone", f"{rule.quiet_hours and rule.quiet_hours.zone!r} is no time zone"


def value_of(node: yaml.Node) -> Any:
    """What the nodes say. Raises `yaml.YAMLError`."""
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


def line_of(node: yaml.Node, path: Sequence[str | int]) -> int:
    """The line of the value at the path, or of the nearest thing around it that is there."""
    line: int = node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(step)]
            if not found:
                return line
            key, node = found[-1]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and str(step).isdecimal():
            node = node.value[int(step)]
            line = node.start_mark.line + 1
    return line


_VALIDATOR = jsonschema.Draft202012Validator(msgspec.json.schema(Rule))
