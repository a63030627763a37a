"""The article without the page around it."""

from processors.boilerplate.stage import BoilerplateStage

__all__ = ["BoilerplateStage"]
