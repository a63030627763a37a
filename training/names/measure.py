"""How good a network is on the parts of the corpora that are kept from training."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import torch

from processors.encoder.decoding import TYPES, best_path, guesses
from training.names.batches import PAD, Pack, batches, padded
from training.names.network import Network

BATCH_PIECES = 16_000
FORMS = ("as is", "closed up")


@torch.inference_mode()
def probabilities(network: Network, pack: Pack, rows: list[Any]) -> list[Any]:
    """The odds of each label for each piece of each row."""
    found: list[Any] = [None] * len(rows)
    for batch in batches([len(row) for row in rows], BATCH_PIECES):
        ids = padded([rows[k] for k in batch])
        scores, _ = network(pack.words[ids], ids != PAD)
        odds = scores.softmax(-1).cpu().numpy()
        for row, k in enumerate(batch):
            found[k] = odds[row, 1 : len(rows[k]) + 1]
    return found


def measure(network: Network, pack: Pack, name: str) -> None:
    """Print F1 of exact spans and types by part, corpus and type; sentences as they stand and closed up."""
    odds = probabilities(network, pack, [row["ids"] for row in pack.measured])
    right, said, there = Counter[Any](), Counter[Any](), Counter[Any]()
    for number, (row, given) in enumerate(zip(pack.measured, odds, strict=True)):
        if not len(given):
            continue
        path = best_path(np.log(given + 1e-9))
        got = {(one.start, one.end, one.type) for one in guesses(row["text"], path, row["offsets"], given)}
        gold = {tuple(span) for span in row["spans"]}
        for counter, spans in ((right, got & gold), (said, got), (there, gold)):
            for span in spans:
                for kind in (span[2], "all"):
                    counter[row["part"], FORMS[number % 2], row["corpus"], kind] += 1
    f1 = {key: round(200 * right[key] / (said[key] + there[key]), 1) for key in sorted(there)}
    for part in ("dev", "test"):
        for form in FORMS:
            told = {key[2]: value for key, value in f1.items() if key[:2] == (part, form) and key[3] == "all"}
            print(name, part, form, told, flush=True)
    kinds = {f"{key[2]} {key[3]}": f1[key] for key in f1 if key[:2] == ("dev", FORMS[0]) and key[3] in TYPES}
    print(name, "dev by type", kinds, flush=True)
