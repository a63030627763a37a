"""What the page, the docs and the command line say of the query language is what the parser takes."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

from sinks.elasticsearch.query import FIELDS, Question, Reading, ask
from wirewatch.commands.search import command
from wirewatch.desk.app import PAGE_FOLDER

DOCS = Path(__file__).parents[3] / "docs"
_CODE = re.compile(r"`([^`]+)`")


class Help(HTMLParser):
    """The examples and the fields that the page's own help shows."""

    def __init__(self) -> None:
        super().__init__()
        self.examples: list[str] = []
        self.fields = ""
        self._within = ""
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = dict(attrs).get("id") or self._within
        self._tag = tag

    def handle_data(self, data: str) -> None:
        if self._within == "asking" and self._tag == "code" and data.strip():
            self.examples.append(data)
        elif self._within == "fields" and self._tag == "span":
            self.fields += data
        self._tag = ""


def on_the_page() -> Help:
    found = Help()
    found.feed((PAGE_FOLDER / "index.html").read_text("utf-8"))
    return found


def table(name: str, nth: int) -> list[tuple[str, str]]:
    """The nth table of a page of the docs, as its first two cells a row."""
    tables = (DOCS / name).read_text("utf-8").split("\n|---|---|")[nth:]
    rows = tables[0].strip().split("\n\n")[0].splitlines()
    cells = [re.split(r"(?<!\\)\|", row.strip("|")) for row in rows if row.startswith("|")]
    return [(first.replace("\\|", "|").strip(), second.strip()) for first, second, *_ in cells]


def in_the_docs() -> list[str]:
    return [example for cell, _ in table("search.md", 1) for example in _CODE.findall(cell)]


@pytest.mark.parametrize("example", [*on_the_page().examples, *in_the_docs()])
def test_every_example_can_be_asked(example: str) -> None:
    assert ask(Question(q=example), Reading()).query != {"match_all": {}}


def test_there_are_examples_of_everything() -> None:
    for examples in (on_the_page().examples, in_the_docs()):
        together = " ".join(examples)
        assert len(examples) >= 9
        assert all(sign in together for sign in ('"', "*", "OR", "-", "(", ":", ".."))


def test_the_fields_that_are_told_are_those_there_are() -> None:
    assert on_the_page().fields.split(", ") == list(FIELDS)
    told = [field for cell, _ in table("search.md", 2) for field in _CODE.findall(cell)]
    assert sorted(told) == sorted(FIELDS)


def test_the_values_that_are_told_are_those_there_are() -> None:
    meanings = {field: meaning for cell, meaning in table("search.md", 2) for field in _CODE.findall(cell)}
    assert meanings["act"].split(", ") == list(FIELDS["act"].values)


def test_the_command_names_no_field_that_is_none() -> None:
    text = click.unstyle(command.help or "")
    told = re.findall(r"(\w+):(?=[,. f]|$)", text.partition("A name finds")[0].partition("fields:")[2])
    assert len(told) > 8
    assert {*told} <= FIELDS.keys()
