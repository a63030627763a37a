"""When an article was published, as far as its page says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from processors.boilerplate.dates import WrittenDate, written_dates
from processors.boilerplate.reading import Page
from schemas.article import Role

NEAR_LINES = 3
FUTURE_DAYS_MAX = 1
FEED_DAY_MIN = "1990-01-01"  # anything before is a default and no date


def publication(page: Page, roles: list[Role], fetched_at: str) -> tuple[str, str] | None:
    """The date of publication as ISO 8601, and the line that says it; `None` rather than a guess.

    A date that a label calls the publication's wins. Next, a date below the headline and above the second
    half of the article, then one just above the headline that has a time of day. A bare date above the
    headline is the day the page was rendered as often as not, above all with a weekday; a date of an
    update, or below the article, is another day. A day counted back from the fetch ("2 hours ago") must stand
    right below the headline, for lists of other articles say it too. A day after the fetch is nobody's
    publication.
    """
    last_day = _fetched_day(fetched_at)
    body = [index for index, role in enumerate(roles) if role == "body"]
    title = roles.index("title") if "title" in roles else None
    guesses: list[tuple[int, int, WrittenDate]] = []
    for index, role in enumerate(roles):
        if role not in {"date", "byline"} and not page.cues[index].label & {"published"}:
            continue
        for written in written_dates(page.text(index), page.language, fetched_at):
            if last_day is not None and written.iso[:10] > last_day:
                continue
            rank = _rank(written, index, title, body)
            if rank is not None:
                guesses.append((rank, index, written))
    if not guesses:
        return None
    best = min(guesses, key=lambda guess: guess[:2])
    if best[0] > 0 and len({guess[2].iso[:10] for guess in guesses if guess[0] == best[0]}) > 1:
        return None  # two days, equally likely
    return best[2].iso, page.text(best[1])


def told_by_feed(stated: str | None, fetched_at: str) -> tuple[str, str] | None:
    """What a feed says of the publication, and that it says so; `None` where that is no date, or is a day
    after the fetch. It is for a page that says nothing itself: feeds give the time of a change or of their
    own making as often as of publication.
    """
    try:
        moment = datetime.fromisoformat(stated or "")
    except ValueError:
        return None
    day, last_day = moment.date().isoformat(), _fetched_day(fetched_at)
    if day < FEED_DAY_MIN or (last_day is not None and day > last_day):
        return None
    return moment.isoformat() if "T" in (stated or "") else day, f"feed: {stated}"


def _rank(written: WrittenDate, index: int, title: int | None, body: list[int]) -> int | None:
    """0 for a labelled date, more for a weaker place; `None` where the date says nothing."""
    if written.label == "published":
        return 0
    if written.label == "updated" or not body or index > body[-1]:
        return None
    if written.relative and (title is None or not title < index <= title + NEAR_LINES or index > body[0]):
        return None
    if title is not None and title < index <= _middle(body):
        return 1
    above = title if title is not None else body[0]
    if above - NEAR_LINES <= index < above and written.clock:
        return 2
    return None


def _middle(body: list[int]) -> int:
    return body[min(1, len(body) - 1)]


def _fetched_day(fetched_at: str) -> str | None:
    try:
        return (date.fromisoformat(fetched_at[:10]) + timedelta(days=FUTURE_DAYS_MAX)).isoformat()
    except ValueError:
        return None
