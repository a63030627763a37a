"""Fit the weights by which `processors/boilerplate/title.py` tells the headline, and write `headline.toml`.

    python -m training.boilerplate.headline

Logistic regression over the lines above each article, on the domains the line classifier is trained on.
Needs the `train` extra and the shared data beside the checkout.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from processors.boilerplate import title
from processors.boilerplate.cues import normal
from processors.boilerplate.lines import split_lines
from processors.boilerplate.reading import read_page
from processors.boilerplate.roles import first_paragraph, line_roles, title_candidates
from training.boilerplate.pages import Page, is_held_out, read_pages

LEAST = -2.5  # log odds of the best line, below which a page has no headline
INVERSE_REGULARISATION = 0.3
WEIGHTS_PATH = Path(title.__file__).with_name("headline.toml")
Rows = list[tuple[dict[str, float], bool]]


def rows_of(page: Page, first_line: int, end: int) -> Rows:
    """The signs of every candidate of one view of a page, and whether it is the headline."""
    texts = page.texts[first_line:end]
    golden = {
        normal(text)
        for text, label in zip(texts, page.labels[first_line:end], strict=True)
        if label == "title"
    }
    if not golden:
        return []
    read = read_page(split_lines("\n".join(texts)), page.language)
    roles = ["boilerplate" if role in {"title", "duplicate"} else role for role in line_roles(read)]
    paragraph = first_paragraph(read, roles)
    if paragraph is None:
        return []
    candidates, body, times = title_candidates(read, roles, paragraph)
    signs = title.signs_of(candidates, body, times)
    return [
        (row, normal(candidate.text) in golden)
        for row, candidate in zip(signs, candidates, strict=True)
        if row["overlap"] >= title.OVERLAP_MIN
    ]


def views(pages: list[Page]) -> Iterator[Rows]:
    for page in pages:
        yield rows_of(page, 0, len(page.texts))
        yield rows_of(page, *page.crop)


def fit(groups: list[Rows]) -> dict[str, float]:
    """Weights by the sign's name, and `always`; every page counts the same."""
    names = list(groups[0][0][0])
    rows = np.array([[signs[name] for name in names] for group in groups for signs, _ in group])
    labels = np.array([is_headline for group in groups for _, is_headline in group])
    shares = np.concatenate([np.full(len(group), 1 / len(group)) for group in groups])
    weights = np.where(labels, 1.0, 8 * shares)
    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=5000).fit(
        rows, labels, sample_weight=weights
    )
    return {"always": float(model.intercept_[0])} | dict(zip(names, map(float, model.coef_[0]), strict=True))


def right(weights: dict[str, float], groups: list[Rows]) -> float:
    """The share of pages whose best line is the headline."""
    best = [
        max(group, key=lambda row: sum(weights[name] * value for name, value in row[0].items()))[1]
        for group in groups
        if group
    ]
    return sum(best) / len(best)


def main() -> None:
    pages = read_pages()
    seen = [group for group in views([page for page in pages if not is_held_out(page.domain)]) if group]
    held_out = [group for group in views([page for page in pages if is_held_out(page.domain)]) if group]
    weights = fit([group for group in seen if any(is_headline for _, is_headline in group)])
    for name, groups in (("seen", seen), ("held out", held_out)):
        print(f"right on {right(weights, groups):.3f} of {len(groups)} views {name}")
    lines = [f"{name} = {value:.3f}" for name, value in ({"least": LEAST} | weights).items()]
    header = "# Weights of what speaks for a line being the headline, in log odds; from training/boilerplate."
    WEIGHTS_PATH.write_text("\n".join([header, *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
