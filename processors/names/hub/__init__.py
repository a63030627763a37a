"""Names by a model of transformers, set by `names.model`: a folder, or an id on a hub."""

from processors.names.hub.classifier import TokenClassifier
from processors.names.hub.errors import (
    ModelError,
    ModelNotFoundError,
    NotATokenClassifierError,
    TokenizerError,
    WeightsMissingError,
)

__all__ = [
    "ModelError",
    "ModelNotFoundError",
    "NotATokenClassifierError",
    "TokenClassifier",
    "TokenizerError",
    "WeightsMissingError",
]
