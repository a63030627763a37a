"""The Kubernetes manifests: every command is one of ours, every variable a setting, and the parts find each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from processors.pipeline import PIPELINE
from tests.unit.deploy.commands import parsed
from wirewatch.settings import load_settings
from wirewatch.settings_reference import settings_markdown

FOLDER = Path(__file__).parents[3] / "deploy" / "kubernetes"
TOP = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
OBJECTS: list[dict[str, Any]] = [
    one
    for name in TOP["resources"]
    for one in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
]
SETS = [one for one in OBJECTS if one["kind"] in {"Deployment", "StatefulSet"}]
PODS = {one["metadata"]["name"]: one["spec"]["template"] for one in OBJECTS if "template" in one["spec"]}
CONTAINERS = {
    f"{name}/{each['name']}": each for name, pod in PODS.items() for each in pod["spec"]["containers"]
}
[CONFIG] = TOP["configMapGenerator"]
COMMON = dict(one.split("=", 1) for one in CONFIG["literals"])


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_command_is_one_that_the_command_line_knows(name: str) -> None:
    one = CONTAINERS[name]
    scripts = one["args"][0].split(" && ") if one.get("command") == ["sh", "-ec"] else []
    for arguments in [script.split()[1:] for script in scripts] or [one["args"]]:
        parsed([each.replace("$(POD_NAME)", "pod-0") for each in arguments])


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_variable_is_a_setting_and_the_settings_hold_together(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {one["name"]: one.get("value", "") for one in CONTAINERS[name].get("env", ())}
    secrets = dict(
        line.split("=", 1)
        for line in (FOLDER / "secret.env.example").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    filled = {key: value.replace('""', '"x"') or "x" for key, value in secrets.items()}
    filled = {key: value.replace("x", "abcdef0123456789", 1) for key, value in filled.items()}
    given = COMMON | filled | {key: value for key, value in own.items() if key != "POD_NAME"}
    assert set(given) <= set(re.findall(r"WIREWATCH_[A-Z_]*[A-Z]\b", settings_markdown()))
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    load_settings()


def test_every_group_runs_and_what_remembers_has_a_name_and_a_volume() -> None:
    grouped = {
        one["args"][2]: name.split("/")[0] for name, one in CONTAINERS.items() if one["args"][0] == "worker"
    }
    assert sorted(grouped) == sorted(group.name for group in PIPELINE)
    stateful = {one["metadata"]["name"] for one in SETS if one["kind"] == "StatefulSet"}
    for group in PIPELINE:
        named = "--instance" in CONTAINERS[f"{grouped[group.name]}/wirewatch"]["args"]
        assert named == (grouped[group.name] in stateful) == group.remembers


def test_what_sees_all_of_a_topic_is_one() -> None:
    single = {group.name for group in PIPELINE if group.source.partitions == 1}
    replicas = {one["metadata"]["name"]: one["spec"]["replicas"] for one in SETS}
    assert {replicas[name] for name in single} == {1}
    assert max(replicas.values()) <= int(COMMON["WIREWATCH_KAFKA__PARTITIONS"])


def test_selectors_find_their_pods_and_ports() -> None:
    for one in SETS:
        assert one["spec"]["selector"]["matchLabels"] == one["spec"]["template"]["metadata"]["labels"]
    for one in [each for each in OBJECTS if each["kind"] == "Service"]:
        pod = PODS[one["spec"]["selector"]["app"]]
        opened = {
            port["containerPort"] for each in pod["spec"]["containers"] for port in each.get("ports", ())
        }
        assert {port["port"] for port in one["spec"].get("ports", ())} <= opened
    services = {one["metadata"]["name"] for one in OBJECTS if one["kind"] == "Service"}
    assert {one["spec"]["serviceName"] for one in SETS if one["kind"] == "StatefulSet"} <= services


def test_every_pod_is_hardened_by_the_patch() -> None:
    assert {one["target"]["kind"] for one in TOP["patches"]} == {"Deployment", "StatefulSet", "Job"}
    assert all(f"{name}/wirewatch" in CONTAINERS for name in PODS)
    [patched] = yaml.safe_load((FOLDER / "hardened.yaml").read_text(encoding="utf-8"))["spec"]["template"][
        "spec"
    ]["containers"]
    for name, one in CONTAINERS.items():
        guarded = patched if name.endswith("/wirewatch") else one
        assert guarded["securityContext"]["readOnlyRootFilesystem"]
        assert guarded["securityContext"]["capabilities"] == {"drop": ["ALL"]}
