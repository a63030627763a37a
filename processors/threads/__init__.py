"""Which stories, in whatever language, are about one event: a thread of stories."""

from processors.threads.stage import ThreadsStage

__all__ = ["ThreadsStage"]
