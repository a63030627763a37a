"""The push endpoint, from the settings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wirewatch.kafka import producer_options
from wirewatch.metrics import Sample
from wirewatch.settings import KafkaSettings, PushSettings, Settings

if TYPE_CHECKING:
    from producers.endpoint import EndpointOptions

PRODUCER = "push"
REQUEST_MS_MIN = 2_000


def endpoint_options(push: PushSettings) -> EndpointOptions:
    """What the endpoint needs to know of the settings."""
    from producers.endpoint import EndpointOptions, Token

    same = push.model_dump(exclude={"tokens", "acknowledge_seconds"})
    tokens = tuple(Token(each.token.get_secret_value(), each.source) for each in push.tokens)
    return EndpointOptions(
        **same, tokens=tokens, stop_seconds=push.body_seconds + 2 * push.acknowledge_seconds
    )


def impatient_producer(kafka: KafkaSettings, acknowledge_seconds: float) -> dict[str, object]:
    """A producer's options where somebody is waiting: it gives up after `acknowledge_seconds`."""
    patience_ms = int(acknowledge_seconds * 1000)
    return producer_options(kafka) | {
        "bootstrap_timeout_ms": min(patience_ms, 5_000),
        "max_block_ms": patience_ms,
        "request_timeout_ms": max(REQUEST_MS_MIN, patience_ms // 2),
        "delivery_timeout_ms": patience_ms,
    }


def run_endpoint(settings: Settings, kafka: KafkaSettings) -> None:
    """Take articles until SIGTERM or SIGINT. Raises `OSError` where it can't listen."""
    from producers.endpoint import ARTICLES_PATH, Delivery, build_app, serve
    from producers.pages import Ledger
    from producers.writer import Writer
    from wirewatch.watching.own import serving_own
    from wirewatch.watching.producing import produced_samples, stamping
    from wirewatch.watching.requests import Requests

    options = endpoint_options(settings.push)
    producer = impatient_producer(kafka, settings.push.acknowledge_seconds)
    ledger_path = settings.data_dir / "push" / "ledger.sqlite3"
    open_ledger = partial(Ledger, ledger_path, settings.known_days)
    with (
        stamping(settings) as stamp,
        Delivery(partial(Writer, producer, stamp=stamp), open_ledger) as delivery,
    ):
        app, requests = build_app(options, delivery), Requests(ARTICLES_PATH)
        app.add_middleware(requests.counting)

        def samples() -> list[Sample]:
            return requests.samples() + produced_samples(PRODUCER, delivery.delivered)

        with serving_own(settings.metrics, samples, lambda: {PRODUCER: delivery.why_not_ready}):
            serve(app, options)
