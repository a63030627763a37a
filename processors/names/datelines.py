"""The sign of a telegram off Chinese names: a model took `电 外交部` for one in `北京3月5日电 外交部公布`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from processors.names.completion import Name

_SIGN = re.compile(r"(?<=日)[电電讯訊](?=[\s（(：:]|$)\s*")


def without_datelines(content: str, names: Sequence[Name]) -> list[Name]:
    """The names of a Chinese text without the word that ends its dateline; one that is nothing else goes."""
    begins = ((name, _SIGN.match(content, name.start)) for name in names)
    bare = [replace(name, start=sign.end()) if sign else name for name, sign in begins]
    return [name for name in bare if name.start < name.end]
