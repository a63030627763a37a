"""The documents are true to the code where that can be checked: links, commands, variables, topics."""

import re
from pathlib import Path

import click
import pytest

from processors.pipeline import PIPELINE, STAGES
from schemas.topics import TOPICS
from wirewatch.cli import COMMANDS, main
from wirewatch.settings_reference import settings_markdown

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        ROOT / "deploy" / "README.md",
        ROOT / "wirewatch" / "samples" / "README.md",
    ]
)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"\bwirewatch (?:--[a-z-]+ \S+ )*([a-z]+(?:-[a-z]+)*)(?: ([a-z]+))?")
VARIABLE = re.compile(r"WIREWATCH_[A-Z_]*[A-Z]\b")


@pytest.fixture(params=PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def page(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_commands_exist(page: Path) -> None:
    code = "\n".join(CODE.findall(page.read_text(encoding="utf-8")))
    for name, sub in COMMAND.findall(code):
        assert name in COMMANDS, name
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group) and sub:
            assert sub in command.commands, f"{name} {sub}"


def test_variables_are_settings(page: Path) -> None:
    known = set(VARIABLE.findall(settings_markdown()))
    assert not set(VARIABLE.findall(page.read_text(encoding="utf-8"))) - known


def test_no_path_of_some_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(?:work|root|tmp|home)/", page.read_text(encoding="utf-8"))


def test_the_architecture_names_every_topic_group_and_stage() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z.-]+)` \| (\w+) \| ([^|]+?) \|", text, re.MULTILINE)
    assert rows == [(topic.name, topic.record.__name__, topic.key) for topic in TOPICS]
    assert all(f"[{group.name}]" in text for group in PIPELINE)
    assert all(stage in text for stage in STAGES)


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("0*.md"))


def test_every_dependency_is_in_the_table_of_licences() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (page,) = (ROOT / "docs" / "decisions").glob("0010-*.md")
    cells = re.findall(r"^\| ([^|]+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for cell in cells for name in cell.split(", ")}
    assert not {re.split(r"[\[<>=;]", line)[0] for line in project["dependencies"]} - named
