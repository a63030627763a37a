"""Who and what an article names, and where."""

from processors.names.stage import NamesStage

__all__ = ["NamesStage"]
