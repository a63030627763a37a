"""A running pipeline as its operator sees it: metrics and health of every process, logs, traces, the doctor."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import httpx
import pytest

from processors.pipeline import PIPELINE
from producers.feeds.state import FeedState
from producers.feeds.store import Store
from schemas.identity import article_id
from tests.integration.journeys.wirewatch_process import Installation, wait_for
from tests.integration.watching.collector import Collector, attributes, collecting
from tests.unit.deploy.promql import read
from tests.unit.deploy.queries import QUERIES, SCRAPED
from wirewatch.local import LocalServices
from wirewatch.local.process import free_port

PROCESSES = ("flow", "understanding", "sink", "feeds")
HOPS = [f"wirewatch-{group.name}" for group in PIPELINE if group.name != "designations"]
SINKS = ("wirewatch-sink-elasticsearch", "wirewatch-sink-alerts")
TELLS = {
    "https://one.example/a": "The United States imposed sanctions on two banks of Iran on Monday, the Treasury said.",
    "https://two.example/b": "Der Gemeinderat hat am Dienstag den Bau der neuen Brücke über den Fluss beschlossen.",
}
EMPTY = "https://three.example/c"
PUSH = "push-server"
PUSHED = "https://four.example/d"
NO_FEED = "http://127.0.0.1:1/feed"
PATIENCE_SECONDS = 90


def until(is_so: Callable[[], bool]) -> None:
    wait_for(is_so, "what is waited for", PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


@pytest.fixture(scope="module")
def here(
    services: LocalServices, collector: Collector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """`up` with all of it asked for, two articles and one without a letter through it, a feed that can't be
    read, and a push endpoint beside it that has taken one article and refused one.
    """
    settings = {
        "WIREWATCH_METRICS__PORT": str(free_port()),
        "WIREWATCH_TRACE__ENDPOINT": collector.url,
        "WIREWATCH_LOG_ARTICLES": "true",
        "WIREWATCH_NAMES__MODEL": "gazetteer",
        "WIREWATCH_DESK__PORT": str(free_port()),
    }
    installation = Installation(tmp_path_factory.mktemp("watched") / "data", settings)
    with Store(installation.folder / "feeds") as store:
        store.add(FeedState(url=NO_FEED))
    running = installation.up().wait_until_ready()
    port = free_port()
    with ExitStack() as opened:
        opened.callback(running.end)
        push = installation.start(PUSH, "--port", port)
        opened.callback(push.end)
        lines = [{"url": url, "text": f"{text}\n\n{text}"} for url, text in TELLS.items()]
        lines.append({"url": EMPTY, "text": "… — …"})
        pushed = installation.run(
            "produce", "-", "--format", "jsonl", stdin="\n".join(map(json.dumps, lines))
        )
        assert pushed.returncode == 0, pushed.stderr
        until(lambda: "push_endpoint_ready" in push.printed())
        for text, status in (("제재 명단이 발표되었다.", 202), ("", 400)):
            answer = httpx.post(
                f"http://127.0.0.1:{port}/articles", json={"url": PUSHED, "text": text}, timeout=30
            )
            assert answer.status_code == status, answer.text
        for url in (*TELLS, PUSHED):
            article = id_of(url)
            until(lambda: len(passed(installation, article)) == len(HOPS) + len(SINKS))  # noqa: B023
        yield installation


def id_of(url: str) -> str:
    return article_id(url, "", "")


def log(installation: Installation) -> list[dict[str, Any]]:
    """Every line of the processes' logs."""
    found = []
    for file in [
        *(installation.folder / "logs" / f"{name}.log" for name in PROCESSES),
        installation.output_of(PUSH),
    ]:
        found += [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.startswith("{")]
    return found


def passed(installation: Installation, article: str) -> list[str]:
    """The groups that tell of having passed an article's own record on."""
    return [
        line["group"]
        for line in log(installation)
        if line["event"] == "passed" and line["article_id"] == article and "articles." in line["topic"]
    ]


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def addresses(installation: Installation) -> list[str]:
    return [line["address"] for line in log(installation) if line["event"] == "metrics_served"]


@pytest.fixture(scope="module")
def told(here: Installation) -> str:
    """All that is served: by each process of itself, and by `wirewatch metrics` of the whole."""
    whole = here.run("metrics", "--once")
    assert whole.returncode == 0, whole.stderr
    return whole.stdout + "".join(get(f"{address}/metrics")[1] for address in addresses(here))


def test_each_process_of_the_machine_has_a_port_of_its_own(here: Installation) -> None:
    assert len(set(addresses(here))) == len(PROCESSES) + 1


def test_every_process_becomes_healthy(here: Installation) -> None:
    until(lambda: all(get(f"{address}/health")[0] == 200 for address in addresses(here)))
    groups = {name for one in addresses(here) for name in json.loads(get(f"{one}/health")[1])["groups"]}
    assert groups == {*HOPS, *SINKS, "wirewatch-designations", "feeds", "push"}


def test_every_query_of_alerts_and_dashboard_finds_series_that_are_served(told: str) -> None:
    served: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", told, re.MULTILINE):
        served.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    seldom = {  # that fail, and what begins with the first of its kind or is told only while it is served
        "wirewatch_stage_dead_lettered_records_total",
        "wirewatch_dead_letters_total",
        "wirewatch_partition_still_seconds",
        "wirewatch_feeds",
        "wirewatch_feed_items_waiting",
    }
    missing = set()
    for query in QUERIES:
        found = read(query)
        names = [name for name, _ in found.selected if name != "up"]
        missing |= {name for name in names if name not in served}
        for name, labels in found.selected:
            assert name not in served or labels <= served[name] | SCRAPED, query
    assert missing <= seldom


def value(told: str, name: str, **labels: str) -> float:
    text = ",".join(f'{label}="{word}"' for label, word in labels.items())
    [found] = re.findall(rf"^{re.escape(f'{name}{{{text}}}')} (\S+)$", told, re.MULTILINE)
    return float(found)


def test_stages_count_what_went_in_and_out_and_why_not_and_for_how_long(told: str) -> None:
    intake = {"group": "wirewatch-intake", "stage": "language"}
    assert value(told, "wirewatch_stage_in_records_total", **intake) == 4
    assert value(told, "wirewatch_stage_out_records_total", **intake) == 3
    assert value(told, "wirewatch_stage_dropped_records_total", **intake, reason="empty") == 1
    for group in PIPELINE:
        for stage in group.stages:
            labels = {"group": f"wirewatch-{group.name}", "stage": stage}
            seconds = value(told, "wirewatch_stage_seconds_total", **labels)
            assert 0 < value(told, "wirewatch_stage_cpu_seconds_total", **labels) <= seconds + 0.05
    sink = {"group": "wirewatch-sink-elasticsearch", "stage": "elasticsearch"}
    assert value(told, "wirewatch_stage_out_records_total", **sink) >= 2
    assert value(told, "wirewatch_stage_seconds_total", **sink) > 0


def test_producers_count_what_they_brought_and_were_asked(told: str) -> None:
    def brought(fate: str) -> float:
        return value(told, "wirewatch_produced_articles_total", producer="push", fate=fate)

    assert [brought(fate) for fate in ("new", "changed", "unchanged", "failed")] == [1, 0, 0, 0]
    answered = [
        value(told, "wirewatch_push_requests_total", status=status) for status in ("202", "400", "503")
    ]
    assert answered == [1, 1, 0]
    assert value(told, "wirewatch_produced_articles_total", producer="feeds", fate="new") == 0
    assert value(told, "wirewatch_feed_readings_total", status="failing") >= 1


def test_an_articles_id_shows_where_it_went(here: Installation) -> None:
    for url in TELLS:
        assert sorted(passed(here, id_of(url))) == sorted([*HOPS, *SINKS])
    [line] = [one for one in log(here) if one.get("article_id") == id_of(EMPTY)]
    assert (line["event"], line["reason"], line["stage"]) == ("dropped", "empty", "language")
    assert {"topic", "partition", "offset", "group"} <= line.keys()


def test_one_trace_an_article_from_the_producer_to_the_sinks(
    here: Installation, collector: Collector
) -> None:
    article = id_of("https://two.example/b")

    def of_article(name: str) -> list[Any]:
        return [
            span for span in collector.named(name) if attributes(span).get("wirewatch.article_id") == article
        ]

    until(lambda: all(of_article(name) for name in ("produce", *HOPS, *SINKS)))
    chain = [of_article(name)[0] for name in ("produce", *HOPS, SINKS[0])]
    assert len({span.trace_id for span in chain}) == 1
    assert all(after.parent_span_id == before.span_id for before, after in pairwise(chain))
    [alerts] = of_article(SINKS[1])
    assert alerts.parent_span_id == chain[-2].span_id
    below = {span.name for span in collector.spans if span.parent_span_id == chain[3].span_id}
    assert below >= set(next(group.stages for group in PIPELINE if group.name == "understanding"))


def test_mentions_of_sanctions_are_in_the_trace_of_their_article(
    here: Installation, collector: Collector
) -> None:
    article = id_of("https://one.example/a")

    def told_of() -> list[Any]:
        return [
            span
            for span in collector.named("wirewatch-designations")
            if attributes(span)["wirewatch.article_id"] == article
        ]

    until(lambda: bool(told_of()))
    [produced] = [
        span for span in collector.named("produce") if attributes(span)["wirewatch.article_id"] == article
    ]
    assert told_of()[0].trace_id == produced.trace_id


def test_the_doctor_finds_no_fault_but_that_of_the_feed(here: Installation) -> None:
    done = here.run("doctor", "--json")
    faults = [one for one in json.loads(done.stdout)["findings"] if one["verdict"] == "fault"]
    assert [(one["subject"], NO_FEED in one["what"]) for one in faults] == [("feeds", True)]
    assert done.returncode == 1
