"""Designations: which sanctions are new to the stream."""

from processors.designations.decide import PARTITION_KEY, decide, mention_records

__all__ = ["PARTITION_KEY", "decide", "mention_records"]
