"""What is learned of sentences that tell sanctions or events: act, events, parts, and where to look."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from processors.encoder.heads import ACTS, EVENTS, GAZES, PART_COLUMNS, VOTES
from training.understanding.batches import IGNORED, UNTOLD, ToldBatch

PARTS_WEIGHT, EVENTS_WEIGHT, GAZE_WEIGHT = 1.0, 1.0, 0.15
EVENTS_AT = slice(len(ACTS), len(ACTS) + len(EVENTS))


def pooled(scores: Tensor, sentence: Tensor, sentences: int) -> tuple[Tensor, Tensor]:
    """Class scores of sentences (sentences, classes), and how pieces were looked at (pieces, classes)."""
    inside = sentence.flatten() >= 0
    at = sentence.flatten()[inside]
    flat = scores.flatten(0, 1)[inside]
    votes, gazes = flat[:, VOTES], flat[:, GAZES]
    highest = torch.full((sentences, votes.shape[1]), -1e4, device=flat.device)
    highest = highest.scatter_reduce(0, at[:, None].expand_as(gazes), gazes.detach(), "amax")
    shares = (gazes - highest[at]).exp()
    total = torch.zeros_like(highest).index_add(0, at, shares)
    shares = shares / total[at]
    return torch.zeros_like(highest).index_add(0, at, shares * votes), shares


def told_loss(scores: Tensor, batch: ToldBatch, smoothing: float) -> dict[str, Tensor]:
    """The losses by name, each a mean over what was labelled."""
    classes, shares = pooled(scores, batch.sentence, len(batch.act))
    act = functional.cross_entropy(
        classes[:, : len(ACTS)], batch.act, ignore_index=UNTOLD, reduction="none", label_smoothing=smoothing
    )
    known = batch.classes != UNTOLD
    each = functional.binary_cross_entropy_with_logits(
        classes[:, len(ACTS) :], batch.classes.clamp_min(0), reduction="none"
    )
    parts = functional.cross_entropy(
        scores[..., PART_COLUMNS].flatten(0, 1), batch.parts.flatten(), ignore_index=IGNORED
    )
    return {
        "act": act.sum() / (batch.act != UNTOLD).sum().clamp_min(1),
        "events": EVENTS_WEIGHT * (each * known).sum() / known.sum().clamp_min(1) * 4,
        "parts": PARTS_WEIGHT * parts,
        "gaze": GAZE_WEIGHT * _gaze_loss(shares, batch),
    }


def _gaze_loss(shares: Tensor, batch: ToldBatch) -> Tensor:
    """An event's class should look at the words that tell it."""
    at = batch.sentence.flatten()
    inside = at >= 0
    marked = batch.marked.flatten(0, 1)[inside]
    seen = torch.zeros(len(batch.act), len(EVENTS), device=shares.device)
    seen = seen.index_add(0, at[inside], marked * shares[:, EVENTS_AT])
    there = torch.zeros_like(seen).index_add(0, at[inside], marked) > 0
    return -(seen.clamp_min(1e-6).log() * there).sum() / there.sum().clamp_min(1)
