"""One log form for our lines and everyone else's: JSON with constant event names, on standard error."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Literal

import structlog

TELLTALE = ("kafka", "aiokafka")
"""Loggers that write passwords and whole records at `debug`: never heard below `info`."""
NOISY = ("kafka", "aiokafka", "elastic_transport", "httpx", "trafilatura", "faust", "mode")


def configure_logs(
    level: str = "info", form: Literal["json", "console"] = "json", file: Path | None = None
) -> None:
    """Send every logger of this process, ours and the libraries', through one formatter.

    To standard error, or to the end of a file: where the terminal is drawn on, lines would tear it.

    Libraries that chat are heard from `warning` up, unless `level` is `debug`.
    """
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # that torch is missing is no news
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=file is None and sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr) if file is None else logging.FileHandler(file, delay=True)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        quietest = "INFO" if name in TELLTALE else "DEBUG"
        logging.getLogger(name).setLevel(quietest if level == "debug" else "WARNING")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def mute_kafka() -> None:
    """For commands that tell in a sentence of their own what Kafka refused: not each attempt as well."""
    logger = logging.getLogger("kafka")
    if not logger.isEnabledFor(logging.DEBUG):
        logger.setLevel(logging.CRITICAL)
