"""Structured logs without secrets, bodies or addresses."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator

import structlog


def configure_logs(form: str) -> None:
    """One line an event on stderr: for eyes (`console`) or programs (`json`)."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where_it_failed,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def _where_it_failed(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The kinds of error and the places in the code; never their messages, which quote what people wrote."""
    if event.pop("exc_info", None):
        fault = sys.exc_info()[1]
        event["errors"] = [type(link).__name__ for link in _chain(fault)]
        event["at"] = [
            f"{frame.filename.rsplit('site-packages/', 1)[-1]}:{frame.lineno} {frame.name}"
            for link in _chain(fault)
            for frame in traceback.extract_tb(link.__traceback__)[-6:]
        ]
    return event


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__
