"""Which story an article belongs to: the first to tell it, a copy, or related to an earlier one."""

from processors.stories.stage import StoriesStage

__all__ = ["StoriesStage"]
