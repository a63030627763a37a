"""Train the model by which `processors/boilerplate/parting.py` tells further articles, write `parting.npz`.

    python -m training.boilerplate.parting

Pages that hold two articles are made of real ones: a page of the same language, another domain, below each,
and one of the same domain where there is one; whole, cropped, and headline and article alone. Domains are
split as for the line classifier. Needs the `train` extra and the shared data beside the checkout.
"""

from __future__ import annotations

import hashlib
import random
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np

from processors.boilerplate.classifier import Trees
from processors.boilerplate.lines import split_lines
from processors.boilerplate.parting import MODEL_PATH, SURE, gaps
from processors.boilerplate.reading import read_page
from processors.boilerplate.roles import line_roles
from training.boilerplate.pages import Page, is_held_out, read_pages
from training.boilerplate.train import BOOSTERS, averaged, padded, write
from training.boilerplate.train import PARAMETERS as LINE_PARAMETERS

KINDS = ("full", "crop", "clean")
PARTNERS = 3
FOLDS = 5
PARAMETERS = LINE_PARAMETERS | {
    "max_depth": 5,
    "num_leaves": 15,
    "learning_rate": 0.05,
    "min_data_in_leaf": 30,
}


@dataclass(frozen=True)
class Dump:
    """One or two pages as lines. `rows` are the signs of each gap, `is_parting` tells the one between the
    two. `has_two` without such a gap can't be told.
    """

    kind: str
    domain: str
    has_two: bool
    names: tuple[str, ...]
    rows: np.ndarray
    is_parting: np.ndarray


def texts_of(page: Page, kind: str) -> list[str]:
    """The lines of a view; `clean` is empty for an article without a headline."""
    if kind == "full":
        return page.texts
    if kind == "crop":
        return page.texts[slice(*page.crop)]
    body = [at for at, label in enumerate(page.labels) if label == "body"]
    titles = [at for at, label in enumerate(page.labels) if label == "title" and at < (body or [0])[0]]
    return [page.texts[at] for at in [*titles[-1:], *body]] if titles else []


def dump(kind: str, page: Page, below: Page | None = None) -> Dump | None:
    texts, other = texts_of(page, kind), texts_of(below, kind) if below else []
    if not texts or (below and not other):
        return None
    read = read_page(split_lines("\n".join([*texts, *other])), page.language)
    found = list(gaps(read, line_roles(read)))
    names = tuple(found[0][1]) if found else ()
    rows = np.array([list(signs.values()) for _, signs in found], np.float32)
    parting = np.array([bool(below) and gap.above < len(texts) <= gap.below for gap, _ in found], bool)
    return Dump(kind, page.domain, below is not None, names, rows, parting)


def dumps(pages: Sequence[Page]) -> Iterator[Dump]:
    rng = random.Random(5)
    for page in pages:
        alike = [one for one in pages if one.language == page.language and one.domain != page.domain]
        partners = rng.sample(alike, min(PARTNERS, len(alike)))
        partners += [one for one in pages if one.domain == page.domain and one is not page][:1]
        for kind in KINDS:
            made = [dump(kind, page), *(dump(kind, page, partner) for partner in partners)]
            yield from (one for one in made if one is not None)


def train(seen: Sequence[Dump]) -> Trees:
    useful = [one for one in seen if len(one.rows)]
    rows = np.concatenate([one.rows for one in useful])
    labels = np.concatenate([one.is_parting for one in useful])
    data = lightgbm.Dataset(rows, labels, free_raw_data=False)
    boosters = [lightgbm.train(PARAMETERS | {"seed": seed}, data) for seed in range(1, BOOSTERS + 1)]
    return averaged([padded(booster.dump_model(), useful[0].names) for booster in boosters])


def report(title: str, answers: Sequence[tuple[Dump, np.ndarray]]) -> None:
    """Of two articles, how many were told where they part and how many elsewhere; of one, how many as two."""
    print(title)
    for kind in KINDS:
        two = [(one, sure) for one, sure in answers if one.kind == kind and one.has_two]
        single = [(one, sure) for one, sure in answers if one.kind == kind and not one.has_two]
        right = sum(bool((sure & one.is_parting).any()) for one, sure in two)
        wrong = sum(bool((sure & ~one.is_parting).any()) for one, sure in two)
        split = sum(bool(sure.any()) for _, sure in single)
        print(f"  {kind:6} {right} right, {wrong} elsewhere of {len(two)}; {split} of {len(single)} split")


def _sure(trees: Trees, one: Dump) -> np.ndarray:
    return trees.probability(one.rows) > SURE if len(one.rows) else np.zeros(0, bool)


def _fold(domain: str) -> int:
    return hashlib.sha256(domain.encode()).digest()[1] % FOLDS


def main() -> None:
    warnings.simplefilter("ignore")
    pages = read_pages()
    seen = list(dumps([page for page in pages if not is_held_out(page.domain)]))
    held_out = list(dumps([page for page in pages if is_held_out(page.domain)]))
    crossed = []
    for fold in range(FOLDS):
        trees = train([one for one in seen if _fold(one.domain) != fold])
        crossed += [(one, _sure(trees, one)) for one in seen if _fold(one.domain) == fold]
    report(f"cross-validated, {len(seen)} dumps", crossed)
    trees = train(seen)
    report(f"held out, {len(held_out)} dumps", [(one, _sure(trees, one)) for one in held_out])
    write(trees, MODEL_PATH)


if __name__ == "__main__":
    main()
