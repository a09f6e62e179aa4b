"""Whether the installation lives, is ready, and how it fares."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy import func, select, text

from consult.db import session
from consult.heartbeat import Heartbeat
from consult.outbox import Promise
from consult.web.identity import open_to_all

blueprint = Blueprint("health", __name__)

STALE_AFTER = timedelta(seconds=60)
requests_total = Counter("consult_requests", "Requests answered", ["endpoint", "status"])
request_seconds = Histogram("consult_request_seconds", "Time to answer", ["endpoint"])


@blueprint.get("/healthz")
@open_to_all
def alive() -> Response:
    """This process answers."""
    return jsonify({"status": "alive"})


@blueprint.get("/readyz")
@open_to_all
def ready() -> tuple[Response, int]:
    """Database, queue, worker and relay, each in a word; 503 when the database is away."""
    try:
        parts = _parts()
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, the answer is the same
        session.rollback()
        return jsonify({"status": "unavailable", "database": "away"}), 503
    # Filing needs the database alone: the rest is told, and does not take the server out of rotation.
    return jsonify({"status": "ready", "database": "ok", **parts}), 200


def _parts() -> dict[str, object]:
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    beats = {beat.part: beat.at for beat in session.scalars(select(Heartbeat))}

    def state(part: str) -> str:
        at = beats.get(part)
        return "never seen" if at is None else "ok" if now - at < STALE_AFTER else "stale"

    return {
        "queue": state("queue"),
        "worker": state("worker"),
        "relay": state("relay"),
        "relay_lag_seconds": relay_lag(now),
        "open_promises": session.execute(
            select(func.count()).select_from(Promise).where(Promise.done_at.is_(None))
        ).scalar_one(),
    }


def relay_lag(now: datetime) -> float:
    """Seconds that the oldest due promise has waited to be enqueued; 0 when none waits."""
    oldest = session.execute(
        select(func.min(Promise.due_at)).where(
            Promise.done_at.is_(None), Promise.enqueued_at.is_(None), Promise.due_at <= now
        )
    ).scalar_one()
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())


@blueprint.get("/metrics")
@open_to_all
def metrics() -> Response:
    """Prometheus' text form: this process's requests, and the whole installation's promises."""
    registry = CollectorRegistry()
    waiting = Gauge("consult_open_promises", "Promises not yet kept", registry=registry)
    lag = Gauge("consult_relay_lag_seconds", "Wait of the oldest due promise", registry=registry)
    up = Gauge("consult_database_up", "Whether the database answers", registry=registry)
    try:
        session.execute(text("select 1"))
        parts = _parts()
        waiting.set(float(str(parts["open_promises"])))
        lag.set(float(str(parts["relay_lag_seconds"])))
        up.set(1)
    except Exception:  # noqa: BLE001 - metrics must answer most of all when the database does not
        session.rollback()
        up.set(0)
    return Response(generate_latest() + generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    requests_total.labels(endpoint, str(response.status_code)).inc()
    if "began" in g:
        request_seconds.labels(endpoint).observe(time.perf_counter() - g.began)
    return response


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_count)
    app.register_blueprint(blueprint)
