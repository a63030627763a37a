"""How good a network is on the parts of the corpora that are kept from training."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import torch

from processors.encoder.decoding import TYPES, best_path, guesses
from processors.encoder.heads import ACTS, EVENTS, NAMES, PART_COLUMNS, PARTS
from training.understanding.batches import PAD, Pack, batches, padded, told_batch
from training.understanding.network import Network
from training.understanding.told_loss import pooled

BATCH_PIECES = 16_000
FORMS = ("as is", "closed up")


@torch.inference_mode()
def probabilities(network: Network, pack: Pack, rows: list[Any]) -> list[Any]:
    """The odds of each label for each piece of each row."""
    found: list[Any] = [None] * len(rows)
    for batch in batches([len(row) for row in rows], BATCH_PIECES):
        ids = padded([rows[k] for k in batch])
        scores, _ = network(pack.words[ids], ids != PAD)
        odds = scores[..., NAMES].softmax(-1).cpu().numpy()
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
        offsets = np.array(row["offsets"])
        got = {(one.start, one.end, one.type) for one in guesses(row["text"], path, offsets, given)}
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


@torch.inference_mode()
def measure_told(network: Network, pack: Pack, name: str) -> None:
    """Print, on the sentences kept to choose by, how well acts, events and parts are told."""
    right, said, there = Counter[Any](), Counter[Any](), Counter[Any]()
    numbers = [i for i, about in enumerate(pack.told_about) if about["dev"]]
    numbers = list({pack.told_about[i]["number"]: i for i in reversed(numbers)}.values())
    for batch in batches([len(pack.told[i]) for i in numbers], BATCH_PIECES):
        told = told_batch(pack, [[numbers[k]] for k in batch])
        scores, _ = network(pack.words[told.ids], told.ids != PAD)
        classes, _ = pooled(scores, told.sentence, len(batch))
        acts, odds = classes[:, : len(ACTS)].argmax(-1).tolist(), classes[:, len(ACTS) :].sigmoid().tolist()
        parts = scores[..., PART_COLUMNS].argmax(-1).cpu().numpy()
        for row, k in enumerate(batch):
            about = pack.told_about[numbers[k]]
            gold, got = set[Any](), set[Any]()
            if about["act"]:
                gold |= {("act", about["act"]), ("about", about["act"] != "none")}
                got |= {("act", ACTS[acts[row]]), ("about", acts[row] != 0)}
                gold |= {("part", kind, i) for start, end, kind in about["spans"] for i in range(start, end)}
                got |= {
                    ("part", PARTS[(label - 1) // 2], i)
                    for i, label in enumerate(parts[row, 1 : len(pack.told[numbers[k]]) + 1])
                    if label and acts[row]
                }
            else:
                gold |= {("event", kind) for kind in about["events"]}
                got |= {("event", kind) for kind, odd in zip(EVENTS, odds[row], strict=False) if odd > 0.5}
                gold |= {("history", "")} if about["history"] else set()
                got |= {("history", "")} if odds[row][-1] > 0.5 else set()
            for counter, found in ((right, got & gold), (said, got), (there, gold)):
                for key in found:
                    counter[key[:2]] += 1
                    counter[key[0], "all"] += 1
    f1 = {key: round(200 * right[key] / max(1, said[key] + there[key]), 1) for key in sorted(there, key=str)}
    print(name, "told", {f"{a} {b}": f for (a, b), f in f1.items()}, flush=True)
    macro = np.mean([f1["act", act] for act in ACTS if ("act", act) in f1])
    print(name, "act macro", round(float(macro), 1), "of", sum(there["act", act] for act in ACTS), flush=True)
