"""Settings, from the environment (`WIREWATCH_KAFKA__BOOTSTRAP_SERVERS`) and a TOML file.

One frozen object, built once in `wirewatch.cli` and passed down; nothing reads the environment
elsewhere. The environment wins over the file. All faults are reported together, each with the name of
the setting, what was wrong and where it came from; no value of a secret is ever shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "WIREWATCH_"


class ConfigurationError(Exception):
    """The settings can't be used. The message lists every fault, one a line."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KafkaSettings(_Section):
    """The Kafka cluster. Without `bootstrap_servers`, `wirewatch up` starts a broker of its own."""

    bootstrap_servers: str | None = Field(None, description="host:port, comma-separated")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_ca_file: Path | None = Field(None, description="PEM file of the authority that signed the brokers")
    ssl_cert_file: Path | None = Field(None, description="PEM file of the client's certificate")
    ssl_key_file: Path | None = Field(None, description="PEM file of the client's key")
    replication_factor: int = Field(1, ge=1, description="for topics that wirewatch creates")
    partitions: int = Field(4, ge=1, le=512, description="for topics that wirewatch creates")

    @model_validator(mode="after")
    def _sasl_is_complete(self) -> KafkaSettings:
        if self.security_protocol.startswith("SASL"):
            missing = [
                name
                for name in ("sasl_mechanism", "sasl_username", "sasl_password")
                if getattr(self, name) is None
            ]
            if missing:
                raise ValueError(
                    f"security_protocol {self.security_protocol} also needs {', '.join(missing)}"
                )
        elif self.sasl_mechanism or self.sasl_username:
            raise ValueError(
                f"security_protocol {self.security_protocol} sends no user and password: use SASL_SSL"
            )
        return self


class ElasticsearchSettings(_Section):
    """The Elasticsearch cluster. Without `url`, `wirewatch up` starts a node of its own."""

    url: str | None = Field(None, pattern=r"^https?://", description="http(s)://host:port")
    api_key: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = Field(None, description="PEM file of the authority that signed the node")
    index_prefix: str = Field("wirewatch", pattern=r"^[a-z0-9][a-z0-9_-]*$")
    bulk_actions: int = Field(500, ge=1, description="articles a bulk request, at most")
    bulk_seconds: float = Field(1.0, gt=0, description="longest wait before a bulk request goes out")
    request_timeout_seconds: float = Field(30.0, gt=0)

    @model_validator(mode="after")
    def _credentials_are_one(self) -> ElasticsearchSettings:
        if "@" in (self.url or ""):
            raise ValueError("url must hold no user and password, which would show in logs: set them apart")
        if self.api_key and self.username:
            raise ValueError("api_key and username exclude each other")
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")
        return self


class NamesSettings(_Section):
    """The model that recognises names."""

    model: str = Field("builtin", description="builtin, gazetteer (no model), a hub id, or a folder")
    threads: int = Field(1, ge=1, le=64, description="cores a model takes at once in one process")


class WatchlistSettings(_Section):
    """Lists of persons and bodies to watch."""

    folder: Path | None = Field(None, description="where imported lists are; `watchlists` in `data_dir`")
    score_floor: float = Field(
        0.85, ge=0.5, le=1, description="how like a listed name a name must be, 1 being the same"
    )


class WorkerSettings(_Section):
    """The Faust workers."""

    batch_articles: int = Field(16, ge=1, description="articles the understanding group takes at once")
    batch_seconds: float = Field(0.5, gt=0, description="longest wait for a batch to fill")
    story_window_days: int = Field(7, ge=1, description="how long a story is remembered")
    thread_window_days: int = Field(3, ge=1, description="how long stories on one event find each other")
    designation_window_days: int = Field(30, ge=1, description="how long a designation is remembered")
    commit_seconds: float = Field(1.0, gt=0, description="how often offsets are committed")


class AlertSettings(_Section):
    """Alert rules and channels."""

    rules_dir: Path | None = Field(None, description="folder of YAML rules beside the built-in one")
    webhook_url: str | None = Field(None, pattern=r"^https?://")
    webhook_secret: SecretStr | None = Field(None, description="signs each webhook (HMAC-SHA256)")
    console: bool = True


class FetchingSettings(_Section):
    """How news is fetched from the web: manners and limits. A domain is a registered one, `example.co.uk`."""

    contact_url: str | None = Field(
        None,
        pattern=r"^https?://[!-~]+$",
        description="a page, told in the user agent, where site operators read who asks and why",
    )
    spacing_seconds: float = Field(5.0, ge=0, description="between the starts of two visits to a domain")
    spacing_seconds_max: float = Field(
        60.0, ge=0, description="how far a crawl-delay or request-rate in robots.txt is followed"
    )
    concurrency_per_domain: int = Field(2, ge=1, le=16, description="visits to a domain at once")
    requests_per_day: int = Field(5000, ge=1, description="to a domain, from one process, by UTC days")
    max_bytes: int = Field(10 * 1024 * 1024, ge=1024, description="of a page, as sent and as unpacked")
    connect_seconds: float = Field(10.0, gt=0)
    read_seconds: float = Field(15.0, gt=0, description="longest silence within an answer")
    total_seconds: float = Field(60.0, gt=0, description="longest time for one request")
    max_redirects: int = Field(8, ge=0, le=50)
    allow_private_addresses: bool = Field(
        False, description="fetch from private networks and this machine too: for tests"
    )


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("wirewatch")),
        description="local services' data and logs, workers' state",
    )
    cache_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("wirewatch")),
        description="downloaded jars",
    )
    maven_mirror: str | None = Field(
        None, pattern=r"^https?://", description="a company's mirror of Maven Central"
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
    kafka: KafkaSettings = KafkaSettings()
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    names: NamesSettings = NamesSettings()
    watchlists: WatchlistSettings = WatchlistSettings()
    worker: WorkerSettings = WorkerSettings()
    alerts: AlertSettings = AlertSettings()
    fetching: FetchingSettings = FetchingSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment over the file; no dotenv, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def watchlists_folder(settings: Settings) -> Path:
    """Where imported watchlists are."""
    return settings.watchlists.folder or settings.data_dir / "watchlists"


def load_settings(config_file: Path | None = None, **overrides: object) -> Settings:
    """The settings of this process.

    Raises `ConfigurationError` with every fault, one a line. `overrides` are the command line's own
    options and win over both sources.
    """
    if config_file is not None and not config_file.is_file():
        raise ConfigurationError(f"no settings file at {config_file}")
    sources = type(
        "Settings",
        (Settings,),
        {"model_config": SettingsConfigDict(**{**Settings.model_config, "toml_file": config_file})},
    )
    try:
        given: Settings = sources(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise ConfigurationError("\n".join(_fault(fault) for fault in error.errors())) from None
    except ValueError as error:  # a TOML file that does not parse
        raise ConfigurationError(f"{config_file or 'environment'}: {error}") from None
    return given


def _fault(fault: object) -> str:
    assert isinstance(fault, dict)
    path = [str(part) for part in fault["loc"]]
    variable = PREFIX + "__".join(path).upper()
    told = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "value_error":  # about several settings of a section
        return f"{'.'.join(path)}: {told} (set {variable}__…, or [{path[-1]}] in the settings file)"
    return f"{'.'.join(path)}: {told} (set {variable}, or {path[-1]} in the settings file)"
