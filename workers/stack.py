"""Everything on one machine: services, web, relay, scheduler and workers, as children that are kept alive."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from tempfile import TemporaryFile
from types import FrameType
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from consult import db
from consult.config import Config
from consult.embedded import Services, ServicesUnavailable, ensure
from workers.children import Child, Voice, start
from workers.queues import QUEUES

FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
THREADS = 4
PATIENCE = 15.0  # seconds the children get to finish what they are at
LAST_PATIENCE = 2.0  # seconds more to end without finishing it
# The C library would keep a heap for every thread, and give none back: a tenth of a web process's memory.
LEAN = {"MALLOC_ARENA_MAX": "1"}


def run_stack(config: Config) -> int:
    """Run the whole house until SIGINT or SIGTERM; returns the exit code.

    Starts what the settings leave unset (PostgreSQL, Redis), migrates, loads the demonstration if asked, then
    keeps web, relay, scheduler and workers alive. Stops them, and then the services, cleanly.
    """
    told = Told()
    voice = Voice(config.log_format)
    services: Services | None = None
    try:
        _check_port(config)
        if not (config.database_url and config.redis_url):
            services = ensure(config.data_dir, postgres=not config.database_url, redis=not config.redis_url)
            voice.say(*services.notes)
        environment = _environment(config, services)
        db.migrate(environment["DATABASE_URL"])
        Stack(config, environment, services, told, voice).run()
    except (ServicesUnavailable, _Refused) as fault:
        voice.say(str(fault), level="error")
        return 1
    except SQLAlchemyError as fault:
        voice.say(f"The database refuses: {fault}. Check DATABASE_URL.", level="error")
        return 1
    finally:
        if services:
            services.release()
    voice.say("Stopped.")
    return 0


class _Refused(Exception):
    """The stack cannot start; the text says why and what mends it."""


class Told:
    """Whether, and how often, we were told to stop."""

    def __init__(self) -> None:
        self.times = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.times += 1


class Stack:
    """The children of one installation on this machine."""

    def __init__(
        self,
        config: Config,
        environment: dict[str, str],
        services: Services | None,
        told: Told,
        voice: Voice,
    ) -> None:
        self.config, self.environment, self.services = config, environment, services
        self.told, self.voice = told, voice
        self.trouble = ""
        self.demonstration: subprocess.Popen[bytes] | None = None
        self.logins = TemporaryFile()  # noqa: SIM115 - lives as long as the stack
        self.children = [Child(name, argv, environment, voice) for name, argv in programs(config).items()]

    def run(self) -> None:
        """Tend the children until told to stop, then stop them.

        The web comes first. The others wait until the demonstration is loaded, which screens and moderates in
        its own process.
        """
        announced, next_look = False, 0.0
        web, *others = self.children
        if self.config.demo:
            self.demonstration = start([*FLASK, "demo"], self.environment, self.logins)
        try:
            while not self.told.times:
                web.tend()
                loaded = self.demonstration is None or self.demonstration.poll() is not None
                for child in others if loaded else []:
                    child.tend()
                if time.monotonic() >= next_look:
                    self.revive_services()
                    if not announced and loaded and healthy(self.config):
                        announced = True
                        self.announce()
                    next_look = time.monotonic() + (1.0 if announced else 0.2)
                time.sleep(0.1)
        finally:
            self.stop()

    def announce(self) -> None:
        """Tell the address, and what the demonstration said: its logins, the first time and every time."""
        self.voice.say("", f"Consult is ready: {self.config.base_url}   (Ctrl-C stops everything)", "")
        if self.demonstration:
            self.logins.seek(0)
            self.voice.say(*self.logins.read().decode(errors="replace").splitlines(), "")
            if self.demonstration.returncode:
                self.voice.say("The demonstration was not loaded: see above.", level="error")

    def revive_services(self) -> None:
        """Start PostgreSQL or Redis again if they died; move the children if an address changed."""
        if self.services is None:
            return
        try:
            found = self.services.revive()
        except ServicesUnavailable as fault:
            if str(fault) != self.trouble:
                self.voice.say(str(fault), level="error")
            self.trouble = str(fault)
            return
        self.trouble = ""
        if found is not self.services:
            self.voice.say(*found.notes, level="warning")
            before = dict(self.environment)
            self.services = found
            self.environment.update(_environment(self.config, found))
            if self.environment != before:
                for child in self.children:
                    child.terminate()

    def stop(self) -> None:
        """TERM and wait; TERM again, upon which a worker gives up its job; KILL. A second signal hurries."""
        self.voice.say("Stopping ...")
        if self.demonstration and self.demonstration.poll() is None:
            self.demonstration.terminate()
            self.demonstration.wait()
        for patience in (PATIENCE, LAST_PATIENCE):
            for child in self.children:
                child.terminate()
            end = time.monotonic() + patience
            hurried = self.told.times > 1
            while not all(child.ended() for child in self.children):
                if time.monotonic() > end or (self.told.times > 1) != hurried:
                    break
                time.sleep(0.05)
        for child in self.children:
            child.kill_group()
            if child.process:
                child.process.wait()


def programs(config: Config) -> dict[str, list[str]]:
    """What is to run: name -> arguments."""
    python = sys.executable
    host = f"[{config.host}]" if ":" in config.host else config.host
    found = {
        "web": [
            python, "-m", "gunicorn", "wsgi:app",
            "--bind", f"{host}:{config.port}",
            "--workers", str(config.web_processes), "--worker-class", "gthread", "--threads", str(THREADS),
            "--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket", "--preload",
        ],
        "relay": [python, "-m", "workers", "relay"],
        "scheduler": [python, "-m", "workers", "schedule"],
    }  # fmt: skip
    for queue in QUEUES:
        for number in range(1, config.workers + 1):
            found[f"worker {number} of {queue}"] = [python, "-m", "workers", "run", queue]
    return found


def healthy(config: Config) -> bool:
    """Whether the web answers `/healthz`."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104 - we connect
    connection = HTTPConnection(host, config.port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(config.base_url).netloc})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _environment(config: Config, services: Services | None) -> dict[str, str]:
    database_url = config.database_url or (services.database_url if services else None)
    redis_url = config.redis_url or (services.redis_url if services else None)
    return {
        **LEAN,
        **os.environ,
        "DATABASE_URL": str(database_url),
        "REDIS_URL": str(redis_url),
        "DATA_DIR": str(config.data_dir),
        "PYTHONUNBUFFERED": "1",
    }


def _check_port(config: Config) -> None:
    """Find a taken port before anything is started. Raises _Refused with the mend."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise _Refused(
                f"Port {config.port} is taken by another program. "
                f"Choose another one: PORT={config.port + 1} make run"
            ) from fault
        raise _Refused(
            f"{config.host}:{config.port} cannot be listened on ({fault.strerror}). "
            "Set HOST and PORT, for instance HOST=127.0.0.1 PORT=8000."
        ) from fault
