"""What the encoder says besides names: a sentence's act of sanctions, its events, and the part of each piece.

A piece has scores in columns: labels of names, labels of parts, then for each class a vote and a gaze.
A sentence's score for a class is the mean of its pieces' votes, weighted by the softmax of their gazes:
each class looks where it wants to, and where it looked is what tells (attention pooling, after Yang et
al., 2016, "Hierarchical attention networks for document classification").
"""

from __future__ import annotations

from typing import get_args

from processors.encoder.decoding import LABELS
from schemas.article import Act, EventType

ACTS: tuple[str, ...] = ("none", *get_args(Act))
EVENTS: tuple[EventType, ...] = tuple(kind for kind in get_args(EventType) if kind != "YIELD")
PARTS = ("issuer", "target", "place", "reason", "date", "ground")
PART_LABELS = ("O", *(f"{mark}-{part}" for part in PARTS for mark in "BI"))
CLASSES = (*ACTS, *EVENTS, "history")
NAMES = slice(0, len(LABELS))
PART_COLUMNS = slice(NAMES.stop, NAMES.stop + len(PART_LABELS))
VOTES = slice(PART_COLUMNS.stop, PART_COLUMNS.stop + len(CLASSES))
GAZES = slice(VOTES.stop, VOTES.stop + len(CLASSES))
COLUMNS = GAZES.stop
