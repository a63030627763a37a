"""The labels of token classifiers, read as marks on people, organisations and places.

Models name the same things in many ways (`B-PER`, `I_person`, `S-ORG`, `PS-B`, `GPE`, `B-company`). All are
read as B(egin) and I(nside): a single (S, U) begins, a middle or an end (M, E, L) is inside, and so is a
label without a mark. BIO, IOB1, IO, BIOES, BILOU and BMES so come to one, by pieces or by words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from schemas.article import MentionType

Mark = Literal["O", "B", "I"]
TYPES: tuple[MentionType, ...] = ("PER", "ORG", "LOC")
CHANGE_LOG_ODDS = -3.0
_MARKS: dict[str, Mark] = {"B": "B", "S": "B", "U": "B", "I": "I", "M": "I", "E": "I", "L": "I"}
_MARKED = re.compile(
    r"(?P<before>[BIMELSU])[-_.:/](?P<name>.+)|(?P<other>.+)[-_.:/](?P<after>[BIMELSU])", re.IGNORECASE
)
_NUMBERED = re.compile(r"(label[-_ ]?)?\d+", re.IGNORECASE)
_OUTSIDE = frozenset({"o", "out", "outside", "none", "other", "0", ""})
_NAMES: dict[MentionType, str] = {
    "PER": """per pers person persons pernam name personname persname politician
        persona personne pessoa kisi ps prs psn 人名 人物""",
    "ORG": """org orgs organization organisation organizations orgnam orgname corp corporation company grp
        government gov institution media politicalparty organizacion organizacao organizzazione kurum og
        机构 机构名 组织 法人名 政治的組織名 その他の組織名 組織名""",
    "LOC": """loc locs location locations locnam place placename geogname geo geoloc geopolit gpe gpenam
        geopoliticalarea geopoliticalentity fac facility city country state stateorprovince district address
        scene local lieu lugar yer lc 地名 地点 施設名""",
}
_FAMILIES: dict[str, MentionType] = {
    "ps": "PER", "og": "ORG", "ogg": "ORG", "lc": "LOC", "lcp": "LOC", "lcg": "LOC", "gpe": "LOC",
    "person": "PER", "organization": "ORG", "location": "LOC", "building": "LOC",
}  # fmt: skip


class Label(NamedTuple):
    """A mark and what it is of: a type of ours, or another name, case and accents folded; "" after O."""

    mark: Mark
    kind: str


def read_label(label: str) -> Label:
    """A label as its model writes it; NORP, MISC, dates and the like are none of our types."""
    match = _MARKED.fullmatch(label.strip())
    mark = _MARKS[(match["before"] or match["after"]).upper()] if match else "I"
    name = (match["name"] or match["other"]) if match else label
    if _folded(name) in _OUTSIDE:
        return Label("O", "")
    return Label(mark, _type(name) or _folded(name))


def are_numbers(labels: Sequence[str]) -> bool:
    """Whether labels have no names of their own: `LABEL_0`, `LABEL_1`, …"""
    return all(_NUMBERED.fullmatch(label) for label in labels)


class Scheme:
    """The labels of a model, those that mean the same as one, and how well they follow each other.

    `merged` is 1 where a label of the model (row) is one of `labels` (column). `steps[before, after]` is 0,
    or the log odds against an I that changes the type of an open name though B-labels are there to begin
    one: no prohibition, since IOB1 allows it and a label set does not tell IOB1 from IOB2. For the same
    reason an I may begin a name after O.
    """

    def __init__(self, names: Sequence[str]) -> None:
        read = [read_label(name) for name in names]
        self.labels = sorted(set(read))
        self.merged = np.array([[one == label for label in self.labels] for one in read], np.float32)
        self.steps = np.array([[self._cost(a, b) for b in self.labels] for a in self.labels], np.float32)

    @property
    def types(self) -> set[str]:
        """Which of PER, ORG and LOC the model knows."""
        return {label.kind for label in self.labels} & set(TYPES)

    def _cost(self, before: Label, after: Label) -> float:
        changes = before.mark != "O" and after.mark == "I" and before.kind != after.kind
        return CHANGE_LOG_ODDS if changes and Label("B", after.kind) in self.labels else 0.0


def _type(name: str) -> MentionType | None:
    family = re.split(r"[-_.:/ ]", name, maxsplit=1)[0]
    return _TYPES.get(_folded(name)) or _FAMILIES.get(_folded(family))


def _folded(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum())


_TYPES: dict[str, MentionType] = {
    _folded(name): kind for kind, names in _NAMES.items() for name in names.split()
}
