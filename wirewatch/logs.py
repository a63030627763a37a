"""One log form for our lines and everyone else's: JSON with constant event names, on standard error."""

from __future__ import annotations

import logging
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import structlog

from wirewatch.terminal import STEERING, printable, without_credentials

TELLTALE = {"kafka": "INFO", "aiokafka": "INFO", "httpx": "WARNING", "httpcore": "WARNING"}
"""Loggers that write passwords, tokens in addresses and whole records, and from which level on they don't."""
NOISY = (*TELLTALE, "elastic_transport", "trafilatura", "faust", "mode")
OVERANXIOUS = ("kafka.admin._groups", "kafka.net.selector")
"""One warns at every look that it can't read what members of a Faust group tell each other, the other that a
step of its own took a tenth of a second, as any does on a busy machine."""
TRACES = ("exception", "stack")
REPEATING = ("kafka", "aiokafka")
"""Each client of a broker that is away writes some fifty lines a second, all alike."""
SELDOM_SECONDS = 10.0


class Seldom(logging.Filter):
    """Lets through what one line of a repeating library's code says once in so many seconds, with how often.

    What is below a warning goes through as it is.
    """

    def __init__(
        self, every_seconds: float = SELDOM_SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._every_seconds = every_seconds
        self._now = now
        self._told: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be written."""
        if record.levelno < logging.WARNING or record.name.partition(".")[0] not in REPEATING:
            return True
        place = record.name, record.lineno
        told_at, kept = self._told.get(place, (-math.inf, 0))
        if self._now() - told_at < self._every_seconds:
            self._told[place] = told_at, kept + 1
            return False
        self._told[place] = self._now(), 0
        if kept:
            record.msg, record.args = f"{record.getMessage()} (and {kept} more of its kind before it)", ()
        return True


def configure_logs(
    level: str = "info", form: Literal["json", "console"] = "json", file: Path | None = None
) -> None:
    """Send every logger of this process, ours and the libraries', through one formatter.

    To standard error, or to the end of a file: where the terminal is drawn on, lines would tear it.

    Libraries that chat are heard from `warning` up, and those that repeat themselves seldom, unless `level`
    is `debug`. Words from the web end no line and steer no terminal.
    """
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # that torch is missing is no news
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False), _escaped]
        if form == "json"
        else [_harmless, _console(colours=file is None and sys.stderr.isatty())]
    )
    handler = (
        logging.StreamHandler(sys.stderr)
        if file is None
        else logging.FileHandler(file, delay=True, encoding="utf-8")
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    if level != "debug":
        handler.addFilter(Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        quietest = TELLTALE.get(name, "DEBUG")
        logging.getLogger(name).setLevel(quietest if level == "debug" else "WARNING")
    for name in OVERANXIOUS:
        logging.getLogger(name).setLevel("ERROR")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _console(*, colours: bool) -> structlog.dev.ConsoleRenderer:
    """Traces are plain: a rich one would show every frame's values, passwords among them."""
    return structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)


def _escaped(_: object, __: str, line: Any) -> str:
    """A line of JSON in which JSON's own escapes stand for what steers a terminal or turns it round."""
    return STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", without_credentials(line))


def _harmless(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Every value on one line and without credentials; a stack trace keeps its lines."""
    for name, value in event.items():
        if name in TRACES:
            event[name] = printable(without_credentials(str(value)))
        elif not isinstance(value, int | float | None):
            event[name] = printable(without_credentials(str(value))).replace("\n", "\\n")
    return event


def mute_kafka() -> None:
    """For commands that tell in a sentence of their own what Kafka refused: not each attempt as well."""
    logger = logging.getLogger("kafka")
    if not logger.isEnabledFor(logging.DEBUG):
        logger.setLevel(logging.CRITICAL)
