"""Which language an article is in."""

from processors.language.stage import LanguageStage

__all__ = ["LanguageStage"]
