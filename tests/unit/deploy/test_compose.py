"""The Compose file and the image: every command is one of ours, every variable a setting, nothing left open."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from processors.pipeline import PIPELINE
from tests.unit.deploy.commands import parsed
from wirewatch.cli import main
from wirewatch.lag import readers
from wirewatch.settings import load_settings
from wirewatch.settings_reference import settings_markdown

DEPLOY = Path(__file__).parents[3] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "wirewatch:local"}
ONCE = {"users", "prepared", "dashboards"}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = dict(
    re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", (DEPLOY / "env.example").read_text(encoding="utf-8"), re.MULTILINE)
)
FILLED = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")


def _commands(service: dict[str, Any]) -> list[list[str]]:
    """What a service runs, as lists of arguments of `wirewatch`."""
    if service.get("entrypoint", [""])[0] != "sh":
        return [service["command"]]
    [script] = service["command"]
    return [each.split()[1:] for each in script.split(" && ")]


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_the_command_line_knows(name: str) -> None:
    for arguments in _commands(OURS[name]):
        path = [*parsed(arguments).command_path.split()[1:], "--help"]
        assert CliRunner().invoke(main, path).exit_code == 0


def test_a_command_that_is_none_would_be_noticed() -> None:
    with pytest.raises(click.UsageError):
        parsed(["sink", "--only", "kibana"])


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_and_the_settings_hold_together(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        key: EXAMPLE[key] if value is None else value
        for key, value in OURS[name]["environment"].items()
        if key.startswith("WIREWATCH_")
    }
    assert set(given) <= set(re.findall(r"WIREWATCH_[A-Z_]*[A-Z]\b", settings_markdown()))
    for key, value in given.items():
        monkeypatch.setenv(key, FILLED.sub(_fill, str(value)))
    load_settings()


def _fill(match: re.Match[str]) -> str:
    return match[3] if match[2] == "-" else "abcdef0123456789" * 2


def test_every_group_and_both_sinks_run() -> None:
    groups = [name for one in OURS.values() for name in _groups(one) if "backfill" not in one["command"]]
    assert sorted(groups) == sorted(group.name for group in PIPELINE)
    backfilled = {name for one in OURS.values() for name in _groups(one) if "backfill" in one["command"]}
    needed = {each.group.removeprefix("wirewatch-backfill-") for each in readers("backfill")}
    assert backfilled == needed & {group.name for group in PIPELINE}
    assert {one["command"][-1] for one in OURS.values() if one["command"][0] == "sink"} == {
        "elasticsearch",
        "alerts",
    }


def _groups(service: dict[str, Any]) -> list[str]:
    command = service["command"]
    return command[command.index("--groups") + 1].split(",") if "--groups" in command else []


def test_the_example_of_an_environment_names_what_is_asked_for_and_the_defaults() -> None:
    asked = {match[1]: match[3] if match[2] == "-" else "" for match in FILLED.finditer(str(COMPOSE))}
    handed_on = {key for one in OURS.values() for key, value in one["environment"].items() if value is None}
    assert asked | {key: EXAMPLE[key] for key in handed_on} == EXAMPLE


def test_no_secret_has_a_default_and_no_image_floats() -> None:
    secret = re.compile(r"PASSWORD|TOKEN|KEY")
    assert {match[2] for match in FILLED.finditer(str(COMPOSE)) if secret.search(match[1])} == {"?"}
    for one in SERVICES.values():
        assert one["image"] == "wirewatch:local" or re.search(
            r":\$\{[A-Z_]+:-v?\d+\.\d+\.\d+\}$", one["image"]
        )


def test_nothing_is_published_beyond_this_machine_unless_told_so() -> None:
    ports = [port for one in SERVICES.values() for port in one.get("ports", ())]
    assert ports
    assert all(re.match(r"\$\{[A-Z]+_BIND:-127\.0\.0\.1\}:", port) for port in ports)


def test_every_lasting_service_is_restarted_checked_and_its_log_bounded() -> None:
    for name, one in SERVICES.items():
        if name not in ONCE:
            assert one["restart"] == "unless-stopped", name
            assert one["logging"]["options"]["max-size"], name
            assert name in OURS or "healthcheck" in one, name  # ours have the image's


def test_ours_run_with_as_little_as_they_can() -> None:
    for name, one in OURS.items():
        assert (one["cap_drop"], one["read_only"]) == (["ALL"], True), name
    assert re.search(r"^USER (?!0|root)\d+", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
    assert DOCKERFILE.count("\nFROM ") == 2


def test_what_keeps_state_has_a_volume_and_every_volume_is_there() -> None:
    named = {mount.split(":")[0] for one in SERVICES.values() for mount in one.get("volumes", ())}
    assert {name for name in named if re.match(r"[a-z]", name)} == set(COMPOSE["volumes"])
    assert all((DEPLOY / name).exists() for name in named if name.startswith("./"))
    for name, one in OURS.items():
        if "--instance" in one["command"]:
            assert f"{name}:/var/lib/wirewatch" in one["volumes"]


def test_whom_a_service_waits_for_is_there_and_can_tell() -> None:
    for one in SERVICES.values():
        waits = one.get("depends_on", {})
        for other, how in waits.items() if isinstance(waits, dict) else ():
            wanted = "service_completed_successfully" if other in ONCE else "service_healthy"
            assert how["condition"] == wanted
            assert wanted != "service_healthy" or "healthcheck" in SERVICES[other]


def test_the_image_copies_what_there_is_and_what_the_builder_is_sent() -> None:
    root = DEPLOY.parent
    sent = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    copied = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if re.match(r"COPY (?!--from)", line)]
    assert {name for names in copied for name in names} == sent
    assert all((root / name).exists() for name in sent)
