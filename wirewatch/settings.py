"""Settings, from the environment (`WIREWATCH_KAFKA__BOOTSTRAP_SERVERS`) and a TOML file.

One frozen object, built once in `wirewatch.cli` and passed down; nothing reads the environment
elsewhere. The environment wins over the file. All faults are reported together, each with the name of
the setting, what was wrong and where it came from; no value of a secret is ever shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "WIREWATCH_"
FILE_BYTES_MAX = 1_000_000
LINE_DOTS_MAX = 1000
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
Given = TypeVar("Given", bound=BaseModel)


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
    kept_mb: int = Field(
        64, ge=0, description="memory for lines read lately, 1.4 KB each: copies of them cost no model"
    )


class WatchlistSettings(_Section):
    """Lists of persons and bodies to watch."""

    folder: Path | None = Field(None, description="where imported lists are; `watchlists` in `data_dir`")
    score_floor: float = Field(
        0.85, ge=0.5, le=1, description="how like a listed name a name must be, 1 being the same"
    )


class WorkerSettings(_Section):
    """The Faust workers."""

    batch_articles: int = Field(16, ge=1, description="articles the understanding group takes at once")
    batch_seconds: float = Field(0.1, gt=0, description="longest wait for a batch to fill")
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
    concurrency: int = Field(64, ge=1, description="requests under way at once, to all domains together")
    concurrency_per_domain: int = Field(2, ge=1, le=16, description="visits to a domain at once")
    requests_per_day: int = Field(5000, ge=1, description="to a domain, by UTC days")
    max_bytes: int = Field(10 * 1024 * 1024, ge=1024, description="of a page, as sent and as unpacked")
    connect_seconds: float = Field(10.0, gt=0)
    read_seconds: float = Field(15.0, gt=0, description="longest silence within an answer")
    total_seconds: float = Field(60.0, gt=0, description="longest time for one request")
    max_redirects: int = Field(8, ge=0, le=50)
    allow_private_addresses: bool = Field(
        False, description="fetch from private networks and this machine too: for tests"
    )


class PushToken(_Section):
    """A bearer token and the source it may speak for."""

    token: SecretStr = Field(min_length=16)
    source: str = Field(min_length=1, max_length=200)


class PushSettings(_Section):
    """The HTTP endpoint that articles are pushed to (`wirewatch push-server`)."""

    host: str = Field("127.0.0.1", description="address to listen on; beyond this machine only with tokens")
    port: int = Field(8480, ge=0, le=65535, description="0 takes a free one")
    tokens: tuple[PushToken, ...] = Field(
        (), description='who may push: `[{"token": "…", "source": "example.org"}]`; source `*` is any'
    )
    body_bytes_max: int = Field(32 * 1024 * 1024, ge=1024, description="of a request, as sent and unpacked")
    lines_max: int = Field(50_000, ge=1, description="articles in a request")
    held_bytes_max: int = Field(
        128 * 1024 * 1024, ge=1024, description="of all requests that wait for Kafka; beyond, 429"
    )
    requests_per_minute: int = Field(600, ge=1, description="with one token; beyond, 429")
    head_seconds: float = Field(10.0, gt=0, description="longest time for a request's head")
    body_seconds: float = Field(60.0, gt=0, description="longest time for a request's body")
    acknowledge_seconds: float = Field(30.0, ge=5, description="how long Kafka may take; beyond, 503")
    connections_max: int = Field(256, ge=2, description="at once; beyond, 503")
    tls_cert_file: Path | None = Field(None, description="PEM file of the certificate, to serve https")
    tls_key_file: Path | None = Field(None, description="PEM file of its key")

    @model_validator(mode="after")
    def _is_guarded(self) -> PushSettings:
        if self.host not in _THIS_MACHINE and not self.tokens:
            raise ValueError("host can be reached from elsewhere: set tokens")
        if len({each.token.get_secret_value() for each in self.tokens}) < len(self.tokens):
            raise ValueError("two tokens are the same")
        if (self.tls_cert_file is None) != (self.tls_key_file is None):
            raise ValueError("tls_cert_file and tls_key_file go together")
        if self.held_bytes_max < 2 * self.body_bytes_max:
            raise ValueError("held_bytes_max must be at least twice body_bytes_max")
        return self


class DeskSettings(_Section):
    """The newsroom's page and the search API (`wirewatch desk`)."""

    host: str = Field(
        "127.0.0.1", description="address to listen on; beyond this machine only with a token or password"
    )
    port: int = Field(8482, ge=0, le=65535, description="0 takes a free one")
    token: SecretStr | None = Field(None, min_length=16, description="for programs: Authorization: Bearer")
    password: SecretStr | None = Field(
        None, min_length=12, description="for browsers: HTTP Basic, under any name; put TLS before it"
    )
    requests_per_minute: int = Field(1200, ge=1, description="of one token or password; beyond, 429")
    streams_max: int = Field(64, ge=1, description="pages with a live stream at once; beyond, 429")

    @model_validator(mode="after")
    def _is_guarded(self) -> DeskSettings:
        if self.host not in _THIS_MACHINE and not (self.token or self.password):
            raise ValueError("host can be reached from elsewhere: set a token or a password")
        return self


class MetricsSettings(_Section):
    """What each process that runs for ever serves of itself: `/metrics` for Prometheus, and `/health`."""

    host: str = Field("127.0.0.1", description="address to listen on; counts are told, no text of articles")
    port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="nothing is served without; further processes of a machine take the next free of 16; "
        "0 takes any free one",
    )


class TraceSettings(_Section):
    """A trace per article, sent to an OpenTelemetry collector; needs the extra `trace`."""

    endpoint: str | None = Field(
        None,
        pattern=r"^https?://",
        description="where OTLP over HTTP is taken, `http://collector:4318/v1/traces`; no traces without",
    )
    share: float = Field(1.0, gt=0, le=1, description="of the articles that are traced")


class FeedsSettings(_Section):
    """Feeds: how often they are read, how far back at first, and hubs that push them (WebSub)."""

    min_interval_seconds: float = Field(600.0, ge=30, description="shortest time between readings")
    max_interval_seconds: float = Field(14 * 86_400.0, ge=60, description="longest time between readings")
    at_once: int = Field(16, ge=1, le=256, description="domains visited at once by one producer")
    first_items: int = Field(100, ge=0, description="items taken at the first reading of a feed, the newest")
    first_days: float = Field(7.0, ge=0, description="how old an item may be at the first reading")
    revision_seconds: float = Field(
        1800.0, ge=0, description="shortest time until an item that has changed is read again"
    )
    callback_url: str | None = Field(
        None,
        pattern=r"^https?://[!-~]+$",
        description="where hubs on the internet reach the callback server; without it, nothing is subscribed",
    )
    callback_host: str = Field("127.0.0.1", description="where the callback server listens")
    callback_port: int = Field(8481, ge=0, le=65535, description="0 takes a free one")
    lease_days: float = Field(10.0, gt=0, le=90, description="how long hubs are asked to push before renewal")

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> FeedsSettings:
        if self.min_interval_seconds > self.max_interval_seconds:
            raise ValueError("min_interval_seconds is more than max_interval_seconds")
        return self


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
    known_days: float = Field(
        180.0,
        ge=1,
        description="how long a page or item that nobody shows any more is known, and not sent again",
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
    log_articles: bool = Field(
        False, description="a line for each article at each hop; at level `debug` there always is"
    )
    kafka: KafkaSettings = KafkaSettings()
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    names: NamesSettings = NamesSettings()
    watchlists: WatchlistSettings = WatchlistSettings()
    worker: WorkerSettings = WorkerSettings()
    alerts: AlertSettings = AlertSettings()
    push: PushSettings = PushSettings()
    desk: DeskSettings = DeskSettings()
    fetching: FetchingSettings = FetchingSettings()
    feeds: FeedsSettings = FeedsSettings()
    metrics: MetricsSettings = MetricsSettings()
    trace: TraceSettings = TraceSettings()

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


def overridden(section: Given, name: str, **given: object) -> Given:
    """A section with what a command's own options say in its place, where they say anything.

    Raises `ConfigurationError` with every fault, one a line.
    """
    said = {option: value for option, value in given.items() if value is not None}
    try:
        return type(section).model_validate(section.model_dump() | said)
    except ValidationError as error:
        raise ConfigurationError("\n".join(f"{name}: {each['msg']}" for each in error.errors())) from None


def load_settings(config_file: Path | None = None, **overrides: object) -> Settings:
    """The settings of this process.

    Raises `ConfigurationError` with every fault, one a line. `overrides` are the command line's own
    options and win over both sources.
    """
    if config_file is not None:
        _check_file(config_file)
    sources = type(
        "Settings",
        (Settings,),
        {"model_config": SettingsConfigDict(**{**Settings.model_config, "toml_file": config_file})},
    )
    try:
        given: Settings = sources(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise ConfigurationError("\n".join(_fault(fault) for fault in error.errors())) from None
    except (ValueError, RecursionError) as error:  # a TOML file that does not parse
        raise ConfigurationError(f"{config_file or 'environment'}: {error}") from None
    return given


def _check_file(path: Path) -> None:
    """A key in parts takes the square of their number (`tomllib`): 47 KB of dots took over a gigabyte."""
    if not path.is_file():
        raise ConfigurationError(f"no settings file at {path}")
    if path.stat().st_size > FILE_BYTES_MAX:
        raise ConfigurationError(f"{path}: larger than {FILE_BYTES_MAX} bytes, which no settings are")
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.count(b".") > LINE_DOTS_MAX:
            raise ConfigurationError(f"{path}, line {number}: more than {LINE_DOTS_MAX} dots")


def _fault(fault: object) -> str:
    assert isinstance(fault, dict)
    path = [str(part) for part in fault["loc"]]
    variable = PREFIX + "__".join(path).upper()
    told = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "value_error":  # about several settings of a section
        return f"{'.'.join(path)}: {told} (set {variable}__…, or [{path[-1]}] in the settings file)"
    return f"{'.'.join(path)}: {told} (set {variable}, or {path[-1]} in the settings file)"
