"""PostgreSQL and Redis in a folder: started by the first process, stopped by the last to leave."""

from __future__ import annotations

import atexit
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from consult.embedded_host import ServicesUnavailable, locked, open_lock, try_lock
from consult.embedded_place import Place, settle
from consult.embedded_postgres import SUPERUSER, Postgres
from consult.embedded_redis import Redis

__all__ = ["Services", "ServicesUnavailable", "ensure"]

START_LOCK = "services.start.lock"
USERS_LOCK = "services.users.lock"


class _Use:
    """This process's share in the services: a shared lock, which the kernel frees upon any death."""

    def __init__(self, data_dir: Path, place: Place) -> None:
        self.data_dir = data_dir
        self.servers: tuple[Postgres, Redis] = (Postgres(place), Redis(place))
        self.owner = os.getpid()
        self.descriptor: int | None = open_lock(data_dir / USERS_LOCK)
        # Only the last user on leaving holds it in exclusion, and under the start lock, which is ours now.
        try_lock(self.descriptor, exclusive=False)
        atexit.register(self.leave)

    def leave(self) -> None:
        """Let go under the start lock; never raises, since nobody may be left to handle it."""
        if self.descriptor is None or self.owner != os.getpid():  # a forked child shares its parent's lock
            return
        try:
            with locked(self.data_dir / START_LOCK):
                self.let_go()
        except (ServicesUnavailable, OSError) as fault:  # the next start recovers
            sys.stderr.write(f"The embedded services were not stopped: {fault}\n")

    def let_go(self) -> None:
        """Give up the share; stop the services if it was the last. To be called under the start lock."""
        atexit.unregister(self.leave)
        descriptor, self.descriptor = self.descriptor, None
        if descriptor is None:
            return
        try:
            if try_lock(descriptor, exclusive=True):
                for server in self.servers:
                    server.stop()
        finally:
            os.close(descriptor)


@dataclass(frozen=True)
class Services:
    """The running services of a data folder: their addresses and what there is to say about them."""

    database_url: str | None = field(repr=False)
    superuser_url: str | None = field(repr=False)  # for tests and operators; the product never needs it
    redis_url: str | None = field(repr=False)
    notes: list[str]
    folder: Path
    _use: _Use = field(repr=False, compare=False)

    def revive(self) -> Services:
        """Start again what has died since; a few file reads when nothing has.

        The addresses stay the same unless another program took a port meanwhile: compare them. Raises
        ServicesUnavailable.
        """
        wanted = [bool(self.database_url), bool(self.redis_url)]
        cluster, queue = self._use.servers
        if (cluster.pid() or not wanted[0]) and (queue.pid() or not wanted[1]):
            return self
        with locked(self._use.data_dir / START_LOCK):
            return _start(self._use, self.folder, *wanted)

    def release(self) -> None:
        """Let go; the services stop cleanly if no other process uses them. Safe to call twice."""
        self._use.leave()


def ensure(data_dir: Path, *, postgres: bool = True, redis: bool = True) -> Services:
    """Have PostgreSQL and Redis running under `data_dir`, and hold them until `release()` or our end.

    Living servers of the same folder are used, dead ones recovered. As root, they run as another user and may
    have to live in a system-wide folder: the notes say so. An unwanted service has no address.

    Raises ServicesUnavailable with what is wrong and the mend.
    """
    data_dir = data_dir.resolve()
    place = settle(data_dir)
    with locked(data_dir / START_LOCK):
        use = _Use(data_dir, place)
        try:
            services = _start(use, place.folder, postgres, redis)
        except BaseException:
            use.let_go()
            raise
    return replace(services, notes=[*place.notes, *services.notes])


def _start(use: _Use, folder: Path, postgres: bool, redis: bool) -> Services:
    cluster, queue = use.servers
    notes = [server.start() for server, wanted in ((cluster, postgres), (queue, redis)) if wanted]
    return Services(
        database_url=cluster.url() if postgres else None,
        superuser_url=cluster.url(SUPERUSER) if postgres else None,
        redis_url=queue.url if redis else None,
        notes=notes,
        folder=folder,
        _use=use,
    )
