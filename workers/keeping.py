"""Keeps one promise: its effect and the word "done" are one commit."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from importlib import import_module

import structlog
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from consult import db
from consult.config import Config
from consult.logs import configure_logs
from consult.outbox import Promise
from consult.services import with_services
from workers.queues import HANDLERS, Handling

log = structlog.get_logger(__name__)
LONGEST_WAIT = timedelta(hours=1)

_ready_in: dict[int, Config] = {}


def settings() -> Config:
    """The settings of this process, with the database bound; a forked child binds its own connections."""
    process = os.getpid()
    if process not in _ready_in:
        config = with_services(Config.from_env())
        configure_logs(config.log_format)
        db.configure(str(config.database_url), pool_size=2)
        _ready_in[process] = config
    return _ready_in[process]


def keep_promise(promise_id: int) -> bool:
    """Keep a promise unless it is kept already, or somebody is at it; True when this call kept it.

    A handler that fails leaves nothing behind: the promise gets its error and is due again later, for ever,
    with longer and longer waits. Called by RQ, and by tests.
    """
    try:
        with db.transaction() as session:
            promise = _claimed(session, promise_id)
            if promise is None:
                return False
            handling = HANDLERS[promise.kind]
            _run(handling, promise)
            promise.done_at = db.clock()
            if handling.private:
                promise.args = {}
        return True
    except Exception as fault:
        log.exception("promise_failed", promise=promise_id)
        _try_later(promise_id, fault)
        return False
    finally:
        db.forget()


def _claimed(session: Session, promise_id: int) -> Promise | None:
    return session.scalars(
        select(Promise)
        .where(Promise.id == promise_id, Promise.done_at.is_(None))
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _run(handling: Handling, promise: Promise) -> None:
    module, _, name = handling.handler.rpartition(".")
    call = partial(getattr(import_module(module), name), **promise.args)
    if handling.wants_id:
        call = partial(call, promise_id=promise.id)
    if not handling.own_transaction:
        call()
        return
    # The row's lock, held in this session, says "somebody is at it" while the handler commits in another one.
    held = db.session.registry()
    db.session.registry.clear()
    try:
        call()
    finally:
        db.session.remove()
        db.session.registry.set(held)


def _try_later(promise_id: int, fault: Exception) -> None:
    db.session.rollback()
    wait = func.least(
        text("interval '2 seconds'") * func.power(2, func.least(Promise.attempts, 12)), LONGEST_WAIT
    )
    with db.transaction() as session:
        session.execute(
            update(Promise)
            .where(Promise.id == promise_id, Promise.done_at.is_(None))
            .values(
                attempts=Promise.attempts + 1,
                # The kind of the error only: its words may quote somebody's text.
                last_error=type(fault).__name__,
                enqueued_at=None,
                due_at=func.clock_timestamp() + wait,
            )
            .execution_options(synchronize_session=False)
        )


def forget_kept_promises() -> None:
    """Remove promises that were kept more than thirty days ago."""
    db.session.execute(delete(Promise).where(Promise.done_at < func.now() - timedelta(days=30)))
