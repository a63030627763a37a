"""What each sentence tells: PLOVER events, and the sentences, places and lexicons that find them."""

from processors.events.stage import EventsStage

__all__ = ["EventsStage"]
