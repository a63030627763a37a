"""A desk over the real node, with a few articles in it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from wirewatch.settings import Settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Get = Callable[..., Any]


@pytest.fixture(scope="module")
def desk_settings(elasticsearch: str, request: pytest.FixtureRequest) -> Settings:
    import uuid

    services = request.getfixturevalue("services")
    found = services.settings
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    return found.model_copy(  # type: ignore[no-any-return]
        update={"elasticsearch": found.elasticsearch.model_copy(update={"index_prefix": prefix})}
    )


@pytest.fixture(scope="module")
def client(desk_settings: Settings) -> Iterator[Elasticsearch]:
    from sinks.elasticsearch.indices import apply
    from wirewatch.elastic import elasticsearch_client

    prefix = desk_settings.elasticsearch.index_prefix
    with elasticsearch_client(desk_settings.elasticsearch) as opened:
        apply(opened, prefix)
        yield opened
        for index in opened.indices.get(index=f"{prefix}-*"):
            opened.indices.delete(index=index)
        opened.indices.delete_index_template(name=f"{prefix}-*")


@pytest.fixture(scope="module")
def filled(client: Elasticsearch, desk_settings: Settings) -> str:
    """The prefix under which the articles, a mention, a designation and alerts stand."""
    from tests.integration.desk.told import alert, articles
    from tests.unit.sinks.records import designation, mention

    prefix = desk_settings.elasticsearch.index_prefix
    store(client, prefix, [*articles(), designation(), mention()], [alert(at) for at in range(3)])
    return prefix


def store(client: Elasticsearch, prefix: str, records: list[Any], alerts: list[Any]) -> None:
    from sinks.elasticsearch.actions import action_for, alert_action
    from sinks.elasticsearch.bulk import write

    actions = [action_for(record, prefix) for record in records] + [
        alert_action(one, prefix) for one in alerts
    ]
    answers = write(client, [action for action in actions if action], lambda _: None)
    assert {(answer.verdict, answer.reason) for answer in answers} == {("written", "")}
    client.indices.refresh(index=f"{prefix}-*")


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of an application served on loopback."""
    import uvicorn

    config = uvicorn.Config(
        app, port=0, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def desk(client: Elasticsearch, filled: str, desk_settings: Settings) -> Iterator[httpx.Client]:
    from processors.names.meant import entities_meant
    from wirewatch.desk.app import Desk, build_app
    from wirewatch.desk.options import DeskOptions
    from wirewatch.desk.state import State

    state = State(desk_settings.model_copy(update={"data_dir": Path("/nonexistent")}), client)
    app = build_app(Desk(client, filled, entities_meant, state.now), DeskOptions(requests_per_minute=100_000))
    with serving(app) as address, httpx.Client(base_url=address, timeout=30, trust_env=False) as opened:
        yield opened
    state.close()


@pytest.fixture(scope="module")
def get(desk: httpx.Client) -> Get:
    def ask(path: str, **parameters: Any) -> Any:
        answer = desk.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask
