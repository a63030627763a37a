"""`wirewatch feeds`: the feeds that are followed, and the producer that reads them."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs

from wirewatch.settings import Settings
from wirewatch.terminal import one_line, printable

if TYPE_CHECKING:
    from producers.feeds.adding import Found
    from producers.feeds.state import FeedState
    from producers.feeds.store import Store
    from producers.fetching import Fetcher

CELL = 60
LINE = 400
EARLIER_TURN_SECONDS = 30.0


@click.group()
def command() -> None:
    """Follow feeds (RSS, Atom, JSON Feed): each is read at its own pace, and each article comes once.

    \b
    wirewatch feeds add https://news.example.org/
    wirewatch feeds import subscriptions.opml
    wirewatch feeds run
    """


@command.command(name="list")
@click.option("--failing", is_flag=True, help="Only those that can't be read as they should.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(settings: Settings, failing: bool, as_json: bool) -> None:
    """List the feeds: state, last success, next reading, failures in a row, items a day."""
    with _store(settings) as store:
        states = [
            one for one in store.feeds() if not failing or one.status in ("failing", "rate_limited", "gone")
        ]
        pushed = {one.feed for one in store.subscriptions() if one.is_live(time.time())}
    rows = [_row(state, is_pushed=state.url in pushed) for state in states]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif rows:
        _print_table(rows)
    else:
        click.echo("no feed is failing" if failing else "no feeds: wirewatch feeds add URL")


@command.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option("--category", "categories", multiple=True, help="A folder to list it under: World/Asia.")
@click.option("--min-seconds", type=click.FloatRange(min=30), help="Shortest time between two readings.")
@click.option("--max-seconds", type=click.FloatRange(min=60), help="Longest time between two readings.")
@click.pass_obj
def add(
    settings: Settings,
    urls: tuple[str, ...],
    categories: tuple[str, ...],
    min_seconds: float | None,
    max_seconds: float | None,
) -> None:
    """Follow the feeds at URLs: addresses of feeds, or of pages that announce one.

    Given again, a feed's categories and bounds are set anew. Exit code 1 if a URL gave no feed.
    """
    if min_seconds and max_seconds and min_seconds > max_seconds:
        raise click.BadParameter("is more than --max-seconds", param_hint="--min-seconds")
    paths = tuple(tuple(part for part in one.split("/") if part) for one in categories)
    wishes = {"categories": paths, "min_seconds": min_seconds, "max_seconds": max_seconds}
    with _store(settings) as store:
        added = asyncio.run(_add_all(settings, store, urls, {k: v for k, v in wishes.items() if v}))
    sys.exit(0 if added == len(urls) else 1)


@command.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.pass_obj
def remove(settings: Settings, urls: tuple[str, ...]) -> None:
    """Follow the feeds at URLs no longer. Their articles stay."""
    with _store(settings) as store:
        unknown = [url for url in urls if not store.remove(url)]
    for url in unknown:
        click.echo(printable(f"{url} is not followed"), err=True)
    click.echo(f"{len(urls) - len(unknown)} removed")
    sys.exit(1 if unknown else 0)


@command.command()
@click.argument("urls", nargs=-1, metavar="[URL…]")
@click.pass_obj
def check(settings: Settings, urls: tuple[str, ...]) -> None:
    """Read feeds now, whatever their turn, and say how they are: those at URLs, or all.

    A feed that was gone and can be read is followed again. What is new is pushed by `feeds run`. Exit code
    1 if one can't be read.
    """
    with _store(settings) as store:
        chosen = urls or tuple(one.url for one in store.feeds())
        well = asyncio.run(_check_all(settings, store, chosen))
    sys.exit(0 if well else 1)


@command.command(name="import")
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def import_(settings: Settings, file: Any) -> None:
    """Follow every feed of an OPML FILE, - for standard input. Its folders become categories."""
    from producers.feeds.feed import FeedError
    from producers.feeds.opml import read_opml
    from producers.feeds.state import FeedState

    try:
        found = read_opml(file.read())
    except FeedError as error:
        raise click.ClickException(printable(f"{file.name}: {error.reason}: {error}")) from None
    now = time.time()
    with _store(settings) as store:
        new = sum(
            store.add(
                FeedState(
                    url=one.url,
                    title=one.title,
                    home_url=one.home_url,
                    categories=one.categories,
                    added_at=now,
                    next_at=now,
                )
            )
            for one in found
        )
    click.echo(f"{new} added, {len(found) - new} were followed already")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@click.pass_obj
def export(settings: Settings, file: Path) -> None:
    """Write the feeds as OPML to FILE, or to standard output."""
    from producers.feeds.opml import Subscription, write_opml

    with _store(settings) as store:
        written = write_opml(
            Subscription(one.url, one.title, one.home_url, one.categories) for one in store.feeds()
        )
    if str(file) == "-":
        click.get_binary_stream("stdout").write(written)
    else:
        file.write_bytes(written)


@command.command()
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@click.option("--end-with-parent", is_flag=True, help="Stop when standard input ends.")
@click.pass_obj
def run(settings: Settings, once: bool, end_with_parent: bool) -> None:
    """Read the feeds when they are due and push what is new, for ever.

    Several may run with one data folder: they share the work. Exit code 1 if Kafka could not be reached.
    """
    from wirewatch.crawling import kafka_writer
    from wirewatch.feeds import run_feeds
    from wirewatch.kafka import reachable_kafka
    from wirewatch.parent import end_with_parent as follow_parent

    if end_with_parent:
        follow_parent()
    with kafka_writer(settings):  # whether there is one is said before anything is fetched
        reachable = settings.model_copy(update={"kafka": reachable_kafka(settings)})
    rounds = asyncio.run(run_feeds(reachable, once=once))
    done = rounds.delivery.delivered
    click.echo(
        f"{rounds.polled.total()} feeds read: {done['new']} new, {done['changed']} changed, "
        f"{done['unchanged']} unchanged"
    )
    if rounds.stopped_because:
        raise click.ClickException(printable(f"not all could be delivered: {rounds.stopped_because}"))


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    from producers.feeds.store import Store
    from wirewatch.feeds import feeds_folder

    with Store(feeds_folder(settings)) as store:
        yield store


async def _add_all(settings: Settings, store: Store, urls: tuple[str, ...], wishes: dict[str, Any]) -> int:
    from producers.feeds.adding import NoFeedError, find_feed
    from producers.feeds.opml import feed_address
    from producers.fetching import Fetcher
    from wirewatch.fetching import fetching_options

    added = 0
    async with Fetcher(fetching_options(settings)) as fetcher:
        for told in urls:
            url = feed_address(told if "//" in told else f"https://{told}") or told
            known = store.feed(url)
            try:
                if known is not None:
                    store.wish(url, **wishes)
                    click.echo(printable(f"{url} is followed already"))
                else:
                    _follow(settings, store, await find_feed(fetcher, url), wishes)
                added += 1
            except NoFeedError as error:
                click.echo(one_line(str(error), LINE), err=True)
    return added


def _follow(settings: Settings, store: Store, found: Found, wishes: dict[str, Any]) -> None:
    from producers.feeds.polling import keep_feed
    from producers.feeds.state import FeedState
    from wirewatch.feeds import feeds_options

    state = FeedState(url=found.url, added_at=time.time(), **wishes)
    if not store.add(state):
        click.echo(printable(f"{found.url} is followed already"))
        return
    kept = keep_feed(store, state, found.feed, found.answer, feeds_options(settings))
    click.echo(one_line(f"{kept.url}: {kept.title}: {kept.form}, {len(found.feed.items)} items", LINE))
    for other in found.others:
        click.echo(one_line(f"  also there: {other.url} {other.title}", LINE))


async def _check_all(settings: Settings, store: Store, urls: tuple[str, ...]) -> bool:
    from producers.fetching import Fetcher
    from wirewatch.fetching import fetching_options

    async with Fetcher(fetching_options(settings)) as fetcher:
        outcomes = await asyncio.gather(*(_check(settings, store, fetcher, url) for url in urls))
    return all(outcomes)


async def _check(settings: Settings, store: Store, fetcher: Fetcher, url: str) -> bool:
    from producers.feeds.polling import poll
    from producers.feeds.waiting import domain_of
    from wirewatch.feeds import feeds_options

    state = store.feed(url)
    if state is None:
        click.echo(printable(f"{url} is not followed: wirewatch feeds add {url}"), err=True)
        return False
    domain, deadline = domain_of(url), time.monotonic() + EARLIER_TURN_SECONDS
    while not (is_ours := store.wait_turn(domain, time.time())) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    try:
        read = await poll(
            store,
            fetcher,
            structs.replace(state, etag=None, last_modified=None, body_hash=""),
            feeds_options(settings),
        )
    finally:
        if is_ours:
            store.end_turn(domain, time.time() + settings.fetching.spacing_seconds)
    click.echo(one_line(f"{read.url}: {_standing(read)}, next {_when(read.next_at)}", LINE))
    return read.status == "ok"


def _standing(state: FeedState) -> str:
    told = f"{state.status} ({state.reason}: {state.detail})" if state.reason else state.status
    return f"{told}, {state.form}" if state.form else told


def _row(state: FeedState, *, is_pushed: bool) -> dict[str, Any]:
    from producers.feeds.schedule import items_a_day

    return {
        "url": state.url,
        "title": state.title,
        "categories": ["/".join(path) for path in state.categories],
        "state": state.status,
        "reason": state.reason,
        "detail": state.detail,
        "failures": state.failures,
        "last_success": _iso(state.success_at),
        "next": _iso(state.next_at),
        "interval_seconds": round(state.interval_seconds),
        "items_a_day": round(items_a_day(state.arrivals, time.time()), 1),
        "pushed": is_pushed,
        "moving_to": state.moved_to,
    }


def _print_table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("feed", "address", "state", "last success", "next", "failures", "items/day", box=None)
    now = _iso(time.time()) or ""
    for row in rows:
        reason = f": {row['reason']}" if row["reason"] else ", pushed" if row["pushed"] else ""
        cells = (
            row["title"],
            row["url"],
            f"{row['state']}{reason}",
            _away(row["last_success"]),
            "now" if row["next"] and row["next"] <= now else _away(row["next"]),
            str(row["failures"]),
            str(row["items_a_day"]),
        )
        style = (
            "red"
            if row["state"] in ("failing", "gone")
            else "yellow"
            if row["state"] == "rate_limited"
            else ""
        )
        table.add_row(*(Text(one_line(cell, CELL), style) for cell in cells))
    Console().print(table)


def _iso(moment: float) -> str | None:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds") if moment else None


def _away(iso: str | None) -> str:
    """How far off a moment is, in words."""
    from babel.dates import format_timedelta

    if iso is None:
        return "never"
    away = datetime.fromisoformat(iso) - datetime.now(UTC)
    return format_timedelta(away, granularity="minute", add_direction=True, locale="en")


def _when(moment: float) -> str:
    return _iso(moment) or "never"
