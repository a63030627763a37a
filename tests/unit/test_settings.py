"""Settings: what wins over what, every fault at once, and no secret shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wirewatch.settings import ConfigurationError, Settings, load_settings

SECRET = "open-sesame"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("WIREWATCH_"):
            monkeypatch.delenv(name)


def test_everything_has_a_default() -> None:
    settings = load_settings()
    assert settings.kafka.bootstrap_servers is None
    assert settings.names.model == "builtin"


def test_the_command_line_wins_over_the_environment_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wirewatch.toml"
    file.write_text(
        'log_level = "error"\nlog_format = "console"\n[kafka]\npartitions = 8\nreplication_factor = 3\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("WIREWATCH_LOG_LEVEL", "warning")
    monkeypatch.setenv("WIREWATCH_KAFKA__PARTITIONS", "16")
    settings = load_settings(file, log_level="debug", data_dir=None)
    assert (settings.log_level, settings.log_format) == ("debug", "console")
    assert (settings.kafka.partitions, settings.kafka.replication_factor) == (16, 3)
    assert load_settings(file).log_level == "warning"


def test_all_faults_are_told_at_once_each_with_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wirewatch.toml"
    file.write_text(
        '[kafka]\nbootstrap_server = "a:1"\n[worker]\ncommit_seconds = "soon"\n', encoding="utf-8"
    )
    monkeypatch.setenv("WIREWATCH_KAFKA__PARTITIONS", "0")
    monkeypatch.setenv("WIREWATCH_ELASTICSEARCH__URL", "localhost:9200")
    monkeypatch.setenv("WIREWATCH_LOG_FORMAT", "xml")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(file)
    faults = str(caught.value).splitlines()
    assert len(faults) == 5
    for variable in (
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVER", "WIREWATCH_KAFKA__PARTITIONS", "WIREWATCH_WORKER__COMMIT_SECONDS",
        "WIREWATCH_ELASTICSEARCH__URL", "WIREWATCH_LOG_FORMAT",
    ):  # fmt: skip
        assert sum(f"set {variable}," in fault for fault in faults) == 1


def test_sasl_wants_all_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_KAFKA__SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("WIREWATCH_KAFKA__SASL_PASSWORD", SECRET)
    with pytest.raises(ConfigurationError, match="sasl_mechanism, sasl_username") as caught:
        load_settings()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"KAFKA__SASL_USERNAME": "u"}, "SASL_SSL"),
        ({"ELASTICSEARCH__URL": f"https://user:{SECRET}@es.example:9200"}, "no user and password"),
        ({"ELASTICSEARCH__API_KEY": SECRET, "ELASTICSEARCH__USERNAME": "u", "ELASTICSEARCH__PASSWORD": "p"}, "exclude"),
        ({"ELASTICSEARCH__USERNAME": "u"}, "go together"),
        ({"ELASTICSEARCH__PASSWORD": SECRET}, "go together"),
    ],
)  # fmt: skip
def test_credentials_that_would_not_be_used_or_would_show_are_faults(
    given: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"WIREWATCH_{name}", value)
    with pytest.raises(ConfigurationError, match=told) as caught:
        load_settings()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "variable",
    ["WIREWATCH_KAFKA__SASL_PASSWORD", "WIREWATCH_ELASTICSEARCH__API_KEY", "WIREWATCH_ELASTICSEARCH__PASSWORD", "WIREWATCH_ALERTS__WEBHOOK_SECRET"],
)  # fmt: skip
def test_no_secret_is_shown(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, SECRET)
    if variable.endswith("ELASTICSEARCH__PASSWORD"):
        monkeypatch.setenv("WIREWATCH_ELASTICSEARCH__USERNAME", "elastic")
    settings = load_settings()
    for shown in (
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        repr(settings.kafka),
        repr(settings.elasticsearch),
    ):
        assert SECRET not in shown
    monkeypatch.setenv("WIREWATCH_KAFKA__PARTITIONS", "many")
    monkeypatch.setenv("WIREWATCH_ELASTICSEARCH__BULK_ACTIONS", "many")
    monkeypatch.setenv("WIREWATCH_ALERTS__WEBHOOK_URL", "nowhere")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value.__cause__)


@pytest.mark.parametrize("content", ["[kafka", "a = ", "\x00"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "wirewatch.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"wirewatch\.toml"):
        load_settings(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no settings file at"):
        load_settings(tmp_path / "gone.toml")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().log_level = "debug"  # type: ignore[misc]
