"""One person, body or place under its many written names: any script, spelling and order of words."""

from processors.names.identity.ids import keys, stream_id
from processors.names.identity.index import NameIndex
from processors.names.identity.judgement import Likeness
from processors.names.identity.likeness import compare
from processors.names.identity.reading import is_native_han, is_native_hangul
from processors.names.identity.romanisation import romanise

__all__ = [
    "Likeness",
    "NameIndex",
    "compare",
    "is_native_han",
    "is_native_hangul",
    "keys",
    "romanise",
    "stream_id",
]
