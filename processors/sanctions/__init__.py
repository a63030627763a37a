"""Sanctions: who sanctioned whom, how many, by the sentence that says so, told once."""

from processors.sanctions.stage import SanctionsStage

__all__ = ["SanctionsStage"]
