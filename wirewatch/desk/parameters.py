"""A request's parameters, read strictly: what is not known is named. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Literal, TypeVar, cast, get_args

from starlette.datastructures import QueryParams

from sinks.elasticsearch.query import Question
from sinks.elasticsearch.query.cards import CARDS_MAX, By
from sinks.elasticsearch.query.question import CHOICES, CHOSEN_MAX, VALUE_CHARACTERS_MAX
from wirewatch.desk.answers import DeskError

Sorted = Literal["newest", "best", "arrival"]
QUESTION = ("q", *CHOICES, "since", "until")
PAGING = ("meaning", "by", "order", "size", "cursor", "facets")
T = TypeVar("T", bound=str)


def question_of(parameters: QueryParams, others: Sequence[str] = ()) -> Question:
    """The question in a request. Raises `DeskError` (400) for a parameter that is not known."""
    known(parameters, [*QUESTION, *others])
    chosen = {name: values_of(parameters, name) for name in CHOICES}
    return Question(
        q=parameters.get("q", ""),
        meaning=parameters.get("meaning", "").strip(),
        since=parameters.get("since") or None,
        until=parameters.get("until") or None,
        **chosen,
    )


def values_of(parameters: QueryParams, name: str) -> tuple[str, ...]:
    """The values of a choice. Raises `DeskError` (400) for too many, too long ones and empty ones."""
    values = tuple(parameters.getlist(name))
    if len(values) > CHOSEN_MAX or not all(1 <= len(one) <= VALUE_CHARACTERS_MAX for one in values):
        raise faulty(name, f"at most {CHOSEN_MAX} values of 1 to {VALUE_CHARACTERS_MAX} characters")
    return values


def known(parameters: QueryParams, names: Sequence[str], many: Sequence[str] = CHOICES) -> None:
    """Raise `DeskError` (400) for a parameter that is none of the names, and for one that stands twice and
    is not among `many`: two readers of one address must not take it for two questions.
    """
    for name in parameters:
        if name not in names:
            raise faulty(name, f"there is no parameter {name[:40]}; there are {', '.join(names)}")
        if name not in many and len(parameters.getlist(name)) > 1:
            raise faulty(name, "given more than once")


def size_of(parameters: QueryParams, usual: int = 20) -> int:
    """How many to answer with. Raises `DeskError` (400)."""
    text = parameters.get("size", str(usual))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= CARDS_MAX):
        raise faulty("size", f"a number from 1 to {CARDS_MAX}")
    return int(text)


def order_of(parameters: QueryParams) -> Sorted | None:
    """In which order. Raises `DeskError` (400)."""
    return _one_of(parameters, "order", cast("tuple[Sorted, ...]", get_args(Sorted)))


def by_of(parameters: QueryParams) -> By:
    """What a card stands for. Raises `DeskError` (400)."""
    return _one_of(parameters, "by", cast("tuple[By, ...]", get_args(By))) or "story"


def facets_in(parameters: QueryParams) -> bool:
    """Whether counts are asked for. Raises `DeskError` (400)."""
    return _one_of(parameters, "facets", ("0", "1")) != "0"


def _one_of(parameters: QueryParams, name: str, values: tuple[T, ...]) -> T | None:
    given = parameters.get(name)
    if given is None:
        return None
    for value in values:
        if value == given:
            return value
    raise faulty(name, f"one of {', '.join(values)}")


def faulty(parameter: str, detail: str) -> DeskError:
    """The refusal of a parameter."""
    return DeskError(HTTPStatus.BAD_REQUEST, "faulty_request", detail, parameter=parameter)
