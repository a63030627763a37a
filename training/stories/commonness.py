"""How common words are, for `processors/stories`: `python training/stories/commonness.py LID_FOLDER`.

Reads `LANGUAGE.txt` files of one sentence a line (the shared `data/lid`, Leipzig Wortschatz) and writes
`processors/stories/commonness.npz`: of each language the hashes of the units that stand in two or more
sentences, and how rare each is, 0–255.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from processors.folding import fold
from processors.stories.wording import COMMONNESS_FILE, _hash, units

SENTENCES_MIN = 2
COMMON_LOG = 3.0  # -ln of one sentence in twenty
RARE_LOG = 7.6  # -ln of one in two thousand


def main(folder: Path) -> None:
    stored = {}
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        counts = Counter(_hash(unit) for line in lines for unit in set(units(fold(line))))
        known = sorted(unit for unit, n in counts.items() if n >= SENTENCES_MIN and not unit & 1)
        logs = -np.log(np.array([counts[unit] for unit in known]) / len(lines))
        rarity = np.clip((logs - COMMON_LOG) / (RARE_LOG - COMMON_LOG), 0, 1)
        stored[f"{path.stem}|units"] = np.array(known, np.uint32)
        stored[f"{path.stem}|rarity"] = np.rint(rarity * 255).astype(np.uint8)
        print(path.stem, len(known))
    np.savez_compressed(COMMONNESS_FILE, **stored)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
