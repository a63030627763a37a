"""Turns and items in the shared file, with producers that die."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from producers.feeds.feed import Item
from producers.feeds.state import FeedState
from producers.feeds.store import STORE_FILE, Store
from producers.feeds.waiting import Incoming
from tests.pace import within

FEED = "https://www.example.org/feed"
HOLDING = """
import sys, time
from pathlib import Path
from producers.feeds.store import Store
store = Store(Path(sys.argv[1]))
print(store.take_turn(time.time()), flush=True)
time.sleep(60)
"""


OPENING = """
import sys
from pathlib import Path
from producers.feeds.store import Store
with Store(Path(sys.argv[1])) as store:
    store.take_turn(1.0)
"""


def item(number: int, **fields: str) -> Item:
    given = {"id": str(number), "url": f"https://www.example.org/{number}"} | fields
    return Item(**given)  # type: ignore[arg-type]


def follow(store: Store, *urls: str) -> None:
    for url in urls:
        store.add(FeedState(url=url, next_at=1.0))


def test_a_domain_is_one_producers_until_it_ends_its_turn(tmp_path: Path) -> None:
    with Store(tmp_path) as one, Store(tmp_path) as other:
        follow(one, FEED, "https://news.example.org/feed", "https://www.example.net/feed")
        taken = {one.take_turn(100.0), other.take_turn(100.0)}
        assert taken == {"example.org", "example.net"}
        assert one.take_turn(100.0) is None
        assert one.due_domain(100.0, free_by=200.0) is None
        one.end_turn("example.org", free_at=105.0)
        other.end_turn("example.org", free_at=0.0)
        assert other.take_turn(104.9) is None
        assert other.take_turn(105.0) == "example.org"
        assert not one.wait_turn("example.org", 105.0)


def test_a_killed_producers_turn_is_free_at_once(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        follow(store, FEED)
        holder = subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)], stdout=subprocess.PIPE)
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"example.org\n"
        assert store.take_turn(time.time()) is None
        holder.kill()
        holder.wait()
        holder.stdout.close()
        assert store.take_turn(time.time()) == "example.org"


def test_a_producer_that_ends_gives_its_turns_back(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        with Store(tmp_path) as other:
            follow(store, FEED)
            assert other.take_turn(100.0) == "example.org"
        assert store.take_turn(100.0) == "example.org"
    assert list((tmp_path / "producers").iterdir()) == []


def test_items_wait_until_they_are_done_and_changed_ones_wait_again(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        follow(store, FEED)
        state = store.feed(FEED)
        assert state is not None
        store.keep(
            state,
            [Incoming(item(1), is_whole=True), Incoming(item(2)), Incoming(item(3), is_taken=False)],
            100.0,
        )
    with Store(tmp_path) as store:
        (whole,) = store.waiting("example.org", 100.0, whole=True, count=9)
        (teaser,) = store.waiting("example.org", 100.0, whole=False, count=9)
        assert (whole.item, teaser.item, store.waiting_count()) == (item(1), item(2), 2)
        store.later(teaser, 200.0, 1)
        assert store.waiting("example.org", 199.0, whole=False, count=9) == []
        store.done([whole], "delivered")
        assert store.unknown(FEED, [item(1), item(2), item(3)]) == []
        changed = item(1, title="Corrected")
        assert store.unknown(FEED, [changed, item(4)]) == [changed, item(4)]
        assert store.unknown("https://other.example.org/feed", [changed]) == []
        store.keep(state, [Incoming(changed, is_whole=True)], 300.0)
        assert [one.item for one in store.waiting("example.org", 300.0, whole=True, count=9)] == [changed]


def test_domains_where_nothing_is_left_lose_their_turn(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        follow(store, FEED)
        state = store.feed(FEED)
        assert state is not None
        store.postpone_domain("example.org", 120.0)
        elsewhere = item(1, url="https://elsewhere.example.net/1")
        store.keep(state, [Incoming(elsewhere)], 100.0)
        waiting = store.waiting("example.net", 100.0, whole=False, count=9)
        store.forget_old(200.0)
        assert store.due_domain(300.0, 300.0) is not None  # the item still waits
        store.done(waiting, "delivered")
        store.postpone_domain("example.net", 150.0)
        store.forget_old(149.0)
        assert _domains(tmp_path) == {"example.org", "example.net"}
        store.forget_old(200.0)
        assert _domains(tmp_path) == {"example.org"}


def _domains(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / STORE_FILE)) as database:
        return {domain for (domain,) in database.execute("SELECT domain FROM turns")}


def test_what_nobody_shows_any_more_is_forgotten(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        follow(store, FEED)
        state = store.feed(FEED)
        assert state is not None
        store.keep(state, [Incoming(item(n), is_taken=n == 0) for n in range(3)], 100.0)
        store.keep(state, [], 100.0 + 100 * 86_400, seen=[item(1)])
        assert store.forget_old(100.0 + 86_400) == 1  # one is still shown, one was never delivered
        assert store.unknown(FEED, [item(0), item(1), item(2)]) == [item(2)]


def test_a_removed_feed_takes_what_waits_with_it_and_a_late_reading_brings_nothing_back(
    tmp_path: Path,
) -> None:
    with Store(tmp_path) as store:
        follow(store, FEED)
        state = store.feed(FEED)
        assert state is not None
        store.keep(state, [Incoming(item(1))], 100.0)
        assert (store.remove(FEED), store.remove(FEED), store.waiting_count()) == (True, False, 0)
        store.keep(state, [Incoming(item(2))], 100.0)
        store.edit(state)
        assert (store.feeds(), store.waiting_count()) == ([], 0)


def test_a_long_queue_slows_no_turn_down(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        urls = [f"https://www.site{number}.org/feed" for number in range(500)]
        follow(store, *urls)
        for url in urls:
            state = store.feed(url)
            assert state is not None
            store.keep(state, [Incoming(Item(id=f"{url}{n}", title="t" * 500)) for n in range(20)], 100.0)
        with within(3):
            taken = [store.take_turn(200.0) for _ in range(300)]
            assert len(set(taken) - {None}) == 300


def test_many_open_it_at_once_for_the_first_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENING, str(tmp_path / "feeds")]
    opening = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(6)]
    assert [process.communicate()[1] for process in opening] == [b""] * 6


def test_what_people_say_of_a_feed_outlives_a_reading_under_way(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        follow(store, FEED)
        under_way = store.feed(FEED)
        assert under_way is not None
        store.wish(FEED, max_seconds=1200.0, categories=(("World",),))
        store.keep(under_way, [], 100.0)
        store.edit(under_way)
        after = store.feed(FEED)
        assert after is not None
        assert (after.max_seconds, after.categories) == (1200.0, (("World",),))


def test_what_changes_with_every_reading_is_not_delivered_with_every_reading(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        follow(store, FEED)
        state = store.feed(FEED)
        assert state is not None
        old, first = item(2), item(1, summary="<p>One<img src='/count?1'></p>")
        store.keep(state, [Incoming(old, is_taken=False), Incoming(first, is_whole=True)], 100.0)
        counted, ticking = (
            item(1, summary="<p>One<img src='/count?2'></p>"),
            item(1, summary="<p>1 minute ago</p>"),
        )
        assert store.unknown(FEED, [item(2, title="Edited"), counted], settled_by=0.0) == []
        assert store.unknown(FEED, [ticking], settled_by=0.0) == [
            ticking
        ]  # not delivered yet: the newest counts
        store.done(store.waiting("example.org", 100.0, whole=True, count=9), "delivered")
        assert store.unknown(FEED, [ticking], settled_by=time.time() - 1800) == []
        assert store.unknown(FEED, [ticking], settled_by=time.time() + 1) == [ticking]
