"""Why the model that `names.model` asks for can't be used, and what to do; settings and commands show it.

ModelError
├── ModelNotFoundError         no such folder, and no such model could be fetched
├── NotATokenClassifierError   it does something else than label tokens with people, organisations, places
├── TokenizerError             its tokenizer can't be read, or can't say where its pieces stand in a text
└── WeightsMissingError        no weights that can run here
"""

from __future__ import annotations


def said(error: Exception) -> str:
    """An error of a library in a line: its kind and the first line of what it says."""
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


class ModelError(Exception):
    """The model that `names.model` asks for can't be used; the message says what to do."""


class ModelNotFoundError(ModelError):
    """No such folder, and no such model could be fetched."""


class NotATokenClassifierError(ModelError):
    """The model does something else than label tokens with people, organisations and places."""


class TokenizerError(ModelError):
    """The model's tokenizer can't be read, or can't say where its pieces stand in a text."""


class WeightsMissingError(ModelError):
    """The model has no weights that can run here."""
