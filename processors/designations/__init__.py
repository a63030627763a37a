"""Designations: which sanctions are new to the stream."""

from processors.designations.decide import decide
from processors.designations.mentions import PARTITION_KEY, mention_records

__all__ = ["PARTITION_KEY", "decide", "mention_records"]
