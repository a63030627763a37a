"""`python -m tests.fuzz.blowups [--characters N]`: every regular expression of ours, timed on texts made
against it. Prints those that take too long or grow faster than their text, and exits 1.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from tests.fuzz.adversary import attacks
from tests.fuzz.patterns import Found, collect
from tests.fuzz.uses import uses_of

SECONDS_MAX = 1.0
GROWTH_MAX = 2.8
"""Of a text twice as long, in time: 2 is linear, 4 quadratic."""
TOLD_SECONDS_MIN = 0.03
"""Growth below this is noise: clocks of CPU time are coarse."""
SCREEN_CHARACTERS = 4096
SCREEN_SECONDS = 0.001
"""What reads so many characters within this is not looked at further: its square would be slower."""
WORST_FOLLOWED = 3
Maker = Callable[[int], str]
USES: dict[str, Callable[[re.Pattern[Any], Any], object]] = {
    "search": lambda pattern, text: pattern.search(text),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "sub": lambda pattern, text: pattern.sub("" if isinstance(text, str) else b"", text),
}
BOUNDED: dict[str, tuple[int, str]] = {
    "processors/boilerplate/cues.py": (140, "twice CUE_CHARACTERS_MAX"),
    "processors/boilerplate/dates.py": (200, "DATE_LINE_CHARACTERS_MAX"),
    "processors/events/": (5000, "a sentence has SENTENCE_CHARS_MAX (1,200) characters, folded a few more"),
    "processors/sanctions/": (
        5000,
        "a sentence has SENTENCE_CHARS_MAX (1,200) characters, folded a few more",
    ),
    "producers/decoding.py": (4096, "DECLARATION_BYTES"),
    "schemas/canonical.py": (8000, "URL_CHARS_MAX"),
    "sinks/elasticsearch/query/": (2000, "CHARACTERS_MAX of a question"),
    "processors/names/metonyms.py": (1000, "80 letters to the left, 240 to the right, folded a few more"),
}
"""By the beginning of a place: the longest text that patterns there are asked about, and why."""


@dataclass(frozen=True)
class Slow:
    """A pattern and the text that it is slow on. `growth` is the time's when the text doubles."""

    found: Found
    use: str
    characters: int
    seconds: float
    growth: float
    text: str

    def __str__(self) -> str:
        pattern = str(self.found.pattern.pattern)
        return (
            f"{self.found.place}: {self.use} of {self.characters} characters {self.seconds:.2f} s, twice as many {self.growth:.1f} times that\n"
            f"    {pattern[:160]}\n    on {self.text[:80]!r}…{self.text[-5:]!r}"
        )


def slowest(found: Found, characters: int, uses: Collection[str]) -> Slow | None:
    """What a pattern is slow on; `None` where it is quick, and grows with its text."""
    bounds = [most for place, (most, _) in BOUNDED.items() if found.place.startswith(place)]
    characters = min(characters, *bounds) if bounds else characters
    tried: list[tuple[float, str, Maker]] = []
    for make in attacks(found.pattern):
        for use in uses:
            seconds = _screened(found, use, make, min(characters, SCREEN_CHARACTERS))
            if seconds >= SECONDS_MAX:
                return Slow(found, use, characters, seconds, 0.0, make(SCREEN_CHARACTERS))
            tried.append((seconds, use, make))
    worst = sorted(tried, key=lambda each: each[0])[-WORST_FOLLOWED:]
    followed = (_followed(found, *each, characters) for each in worst if each[0] > SCREEN_SECONDS)
    return next((slow for slow in followed if slow is not None), None)


def _screened(found: Found, use: str, make: Maker, characters: int) -> float:
    """Ever longer texts, so that what is exponential is found while it is short; seconds of the longest."""
    seconds = 0.0
    for size in (16, 32, 64, 512, characters):
        seconds = _seconds(found.pattern, use, make(size))
        if seconds >= SECONDS_MAX:
            break
    return seconds


def _followed(found: Found, seconds: float, use: str, make: Maker, characters: int) -> Slow | None:
    """Texts twice as long each, until it is too slow, grows too fast, or they are long enough."""
    size = 2 * SCREEN_CHARACTERS
    while size <= characters:
        before, seconds = seconds, _seconds(found.pattern, use, make(size))
        if seconds > TOLD_SECONDS_MIN and seconds > GROWTH_MAX * before:
            again = [
                min(_seconds(found.pattern, use, make(each)) for _ in range(3)) for each in (size // 2, size)
            ]
            before, seconds = again
        if seconds >= SECONDS_MAX or (seconds > TOLD_SECONDS_MIN and seconds > GROWTH_MAX * before):
            return Slow(found, use, size, seconds, seconds / max(before, 1e-6), make(size))
        size *= 2
    return None


def _seconds(pattern: re.Pattern[Any], use: str, text: str) -> float:
    """CPU-seconds; `SECONDS_MAX` for what took longer and was interrupted: `re` looks for signals."""
    given = text.encode("utf-8", "surrogatepass") if isinstance(pattern.pattern, bytes) else text
    begun = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_MAX)
        USES[use](pattern, given)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except TimeoutError:
        return SECONDS_MAX
    return time.process_time() - begun


def stop(*_: object) -> None:
    """What SIGVTALRM does while patterns are timed."""
    raise TimeoutError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.blowups")
    parser.add_argument("--characters", type=int, default=100_000)
    parser.add_argument("--place", default="", help="only patterns of files whose path begins so")
    given = parser.parse_args()
    signal.signal(signal.SIGVTALRM, stop)
    patterns = [found for found in collect() if found.place.startswith(given.place)]
    begun, slow = time.monotonic(), 0
    for found in patterns:
        worst = slowest(found, given.characters, uses_of(found))
        if worst is not None:
            slow += 1
            print(worst, flush=True)  # noqa: T201
    print(f"{len(patterns)} patterns in {time.monotonic() - begun:.0f} s, {slow} slow")  # noqa: T201
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
