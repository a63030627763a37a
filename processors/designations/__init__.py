"""Designations: which sanctions are new to the stream."""

from processors.designations.decide import decide, mention_records

__all__ = ["decide", "mention_records"]
