"""Where each language lies in meaning: `python training/threads/centres.py LID_FOLDER`.

Embeddings of one language lie close together whatever they say, and all lie along a few common directions.
Reads `LANGUAGE.txt` files of one sentence a line (the shared `data/lid`, Leipzig Wortschatz), takes four
sentences as a text, and writes `processors/threads/centres.npz`: the mean of each language, the mean of
those (`all`), and the first principal directions of what is left (`directions`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from processors.encoder.reading import encoder
from processors.meaning import CENTRES_FILE
from processors.names.builtin import Builtin

SENTENCES = 400
SENTENCES_A_TEXT = 4
DIRECTIONS = 5


def main(folder: Path) -> None:
    read = Builtin(encoder(2))
    centres, rest = {}, []
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()[:SENTENCES]
        texts = ["\n".join(lines[i : i + SENTENCES_A_TEXT]) for i in range(0, len(lines), SENTENCES_A_TEXT)]
        values = np.array([reading.embedding for reading in read(texts)], np.float32)
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        centres[path.stem] = values.mean(0)
        rest.append(values - centres[path.stem])
        print(path.stem)
    directions = np.linalg.svd(np.concatenate(rest), full_matrices=False)[2][:DIRECTIONS]
    stored = centres | {"all": np.mean(list(centres.values()), 0), "directions": directions}
    np.savez_compressed(CENTRES_FILE, **{name: value.astype(np.float16) for name, value in stored.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
