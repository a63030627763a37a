"""Train the line classifier of `processors/boilerplate` and write its `model.npz`.

    python -m training.boilerplate.train            # train, measure on held-out domains, write
    python -m training.boilerplate.train --english  # train on English, measure on the rest, write it

Needs the `train` extra and the shared data beside the checkout.
"""

from __future__ import annotations

import argparse
import random
import warnings
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from processors.boilerplate.classifier import MODEL_PATH, Trees
from processors.boilerplate.cues import NO_CUE
from processors.boilerplate.features import feature_columns, features
from processors.boilerplate.lines import characters_of, line_signs
from processors.boilerplate.roles import BODY_PROBABILITY
from training.boilerplate.pages import (
    WEIGHT,
    Page,
    View,
    headlines_of,
    is_held_out,
    measured_views,
    read_pages,
    training_views,
)

ENGLISH_PATH = Path(__file__).parents[2] / "tests" / "quality" / "data" / "lines_of_english.npz"
DEPTH = 6
BOOSTERS = 3
PARAMETERS = {
    "objective": "binary",
    "num_iterations": 150,
    "max_depth": DEPTH,
    "num_leaves": 31,
    "learning_rate": 0.08,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "boost_from_average": False,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}


def train(pages: list[Page]) -> Trees:
    rng = random.Random(1)
    headlines = headlines_of(pages)
    views = [view for page in pages for view in training_views(page, headlines, rng)]
    rows = np.concatenate([features(view.lines) for view in views])
    labels = np.concatenate([view.is_body for view in views])
    weights = np.concatenate([np.full(len(view.lines), WEIGHT[view.kind]) for view in views])
    data = lightgbm.Dataset(rows, labels, weight=weights, free_raw_data=False)
    boosters = [lightgbm.train(PARAMETERS | {"seed": seed}, data) for seed in range(1, BOOSTERS + 1)]
    one = [views[0].lines[0]]
    characters = characters_of(one)
    names = tuple(feature_columns(one, characters, line_signs(one, characters), [NO_CUE]))
    trees = averaged([padded(booster.dump_model(), names) for booster in boosters])
    scores = np.mean([booster.predict(rows, raw_score=True) for booster in boosters], axis=0)
    difference = np.abs(trees.probability(rows) - 1 / (1 + np.exp(-scores))).max()
    assert difference < 1e-4, f"numpy's trees differ from LightGBM's by {difference}"
    return trees


def averaged(models: list[Trees]) -> Trees:
    """One model whose score is the mean of theirs: less at the mercy of one seed."""
    return Trees(
        np.concatenate([model.columns for model in models]),
        np.concatenate([model.thresholds for model in models]),
        np.concatenate([model.leaves for model in models]) / np.float32(len(models)),
        models[0].names,
    )


def padded(model: dict[str, Any], names: tuple[str, ...]) -> Trees:
    """LightGBM's trees as complete trees of `DEPTH`; a leaf above the bottom is repeated below itself."""
    count = len(model["tree_info"])
    columns = np.zeros((count, 2**DEPTH - 1), np.uint8)
    thresholds = np.full((count, 2**DEPTH - 1), np.inf, np.float32)
    leaves = np.zeros((count, 2**DEPTH), np.float32)

    def fill(tree: int, node: int, depth: int, branch: dict[str, Any]) -> None:
        if depth == DEPTH:
            leaves[tree, node - (2**DEPTH - 1)] = branch["leaf_value"]
            return
        if "leaf_value" not in branch:
            columns[tree, node] = branch["split_feature"]
            thresholds[tree, node] = _float32_below(branch["threshold"])
        for side, child in (("left_child", 2 * node + 1), ("right_child", 2 * node + 2)):
            fill(tree, child, depth + 1, branch.get(side, branch))

    for tree, info in enumerate(model["tree_info"]):
        fill(tree, 0, 0, info["tree_structure"])
    return Trees(columns, thresholds, leaves, names)


def _float32_below(threshold: float) -> np.float32:
    """The largest float32 not above `threshold`: float32 values compare to both alike."""
    near = np.float32(threshold)
    return near if float(near) <= threshold else np.nextafter(near, np.float32(-np.inf))


def measure(trees: Trees, pages: list[Page]) -> dict[str, float]:
    """F1 of lines and of words by kind of view, all pages together; words of clean articles kept."""
    found: dict[str, float] = {}
    views = [view for page in pages for view in measured_views(page)]
    for kind in ("full", "crop"):
        gold, kept, words = _pooled(trees, [view for view in views if view.kind == kind])
        found[f"{kind} line F1"] = _f1(gold, kept, np.ones_like(words))
        found[f"{kind} word F1"] = _f1(gold, kept, words)
    _, kept, words = _pooled(trees, [view for view in views if view.kind == "clean"])
    found["clean words kept"] = float((words * kept).sum() / words.sum())
    return found


def _pooled(trees: Trees, views: list[View]) -> tuple[Any, Any, Any]:
    kept = [trees.probability(features(view.lines)) > BODY_PROBABILITY for view in views]
    words = [line_signs(view.lines).words for view in views]
    return np.concatenate([view.is_body for view in views]), np.concatenate(kept), np.concatenate(words)


def _f1(gold: Any, kept: Any, weight: Any) -> float:
    return float(2 * (weight * (gold & kept)).sum() / ((weight * gold).sum() + (weight * kept).sum()))


def report(title: str, figures: dict[str, float]) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name:18} {value:.4f}")


def main() -> None:
    warnings.simplefilter("ignore")
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--english", action="store_true")
    options = arguments.parse_args()
    pages = read_pages()
    if options.english:
        english = train([page for page in pages if page.language == "en"])
        others = [page for page in pages if page.language != "en"]
        report(f"trained on English, {len(others)} pages in others", measure(english, others))
        write(english, ENGLISH_PATH)
        return
    seen = [page for page in pages if not is_held_out(page.domain)]
    held_out = [page for page in pages if is_held_out(page.domain)]
    trees = train(seen)
    report(f"{len(seen)} pages seen, {len(held_out)} held out", measure(trees, held_out))
    write(trees, MODEL_PATH)


def write(trees: Trees, path: Path) -> None:
    np.savez_compressed(
        path,
        columns=trees.columns,
        thresholds=trees.thresholds,
        leaves=trees.leaves,
        names=np.array(trees.names),
    )
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
