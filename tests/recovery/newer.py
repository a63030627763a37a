"""`wirewatch` of a later version: its articles have a field more.

    python -m tests.recovery.newer worker --groups intake

The record is replaced before anything else is imported, so that every stage, agent and sink knows the field.
"""

from __future__ import annotations

import schemas.article


class Article(schemas.article.Article, frozen=True, kw_only=True):
    """An article as the next version may have it."""

    added_later: str | None = None


def install() -> None:
    """Let everything that is imported from now on know the later record."""
    setattr(schemas.article, "Article", Article)  # noqa: B010 - mypy holds a class to be none to replace


if __name__ == "__main__":
    install()

    from wirewatch.cli import main

    main()
