"""Every setting, read once; all mistakes reported at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

T = TypeVar("T")


class ConfigError(Exception):
    """Some settings are wrong; `faults` names each of them in a sentence."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Settings need mending:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Config:
    """The settings of one running process. Unset URLs mean: embedded under `data_dir`."""

    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    data_dir: Path
    secret_key: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = 2
    workers: int = 1
    storage_url: str = ""
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "Consult <consult@localhost.localdomain>"
    demo: bool = False
    log_format: str = "console"
    # Tests make hashing cheap and switch limits off; no environment variable can.
    password_cost: int = 3
    rate_limits: bool = True

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the environment, with `.env` beneath it.

        Raises ConfigError with one sentence for every setting that is wrong.
        """
        if environ is None:
            environ = {**{k: v for k, v in dotenv_values(".env").items() if v is not None}, **os.environ}
        read = _Reader(environ)
        data_dir = Path(environ.get("DATA_DIR") or "var").absolute()
        host, port = environ.get("HOST") or "127.0.0.1", read("PORT", "8000", _port)
        config = cls(
            database_url=read("DATABASE_URL", None, _database_url),
            redis_url=read("REDIS_URL", None, _url("redis", "rediss", "unix")),
            data_dir=data_dir,
            secret_key=read("SECRET_KEY", "", _secret) or _kept_secret(data_dir),
            base_url=read("BASE_URL", f"http://{host}:{port or 8000}", _base_url),
            host=host,
            port=port,
            web_processes=read("WEB_PROCESSES", "2", _count),
            workers=read("WORKERS", "1", _count),
            storage_url=environ.get("STORAGE_URL") or f"file://{data_dir / 'files'}",
            smtp_url=read("SMTP_URL", None, _url("smtp", "smtps")),
            mail_from=environ.get("MAIL_FROM") or cls.mail_from,
            demo=read("DEMO", "0", _flag),
            log_format=read("LOG_FORMAT", "console", _one_of("console", "json")),
        )
        if read.faults:
            raise ConfigError(read.faults)
        return config


class _Reader:
    """Reads one setting at a time and gathers what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def __call__(self, name: str, default: str | None, parse: Callable[[str], T]) -> T:
        value = self.environ.get(name) or default
        if value is None or value == "":
            return value  # type: ignore[return-value]
        try:
            return parse(value)
        except ValueError as fault:
            self.faults.append(f"{name}: {fault}")
            return None  # type: ignore[return-value]


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise ValueError(f"expected a URL that begins with {' or '.join(s + '://' for s in schemes)}")
        return value

    return parse


def _base_url(value: str) -> str:
    return _url("http", "https")(value).rstrip("/")


def _database_url(value: str) -> str:
    """Accept the usual spellings and name the driver that is installed."""
    scheme, _, rest = value.partition("://")
    if scheme not in {"postgres", "postgresql", "postgresql+psycopg"} or not rest:
        raise ValueError("expected postgresql://user:password@host:port/name")
    return f"postgresql+psycopg://{rest}"


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise ValueError("expected a port from 1 to 65535")
    return int(value)


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 256:
        raise ValueError("expected a whole number from 1 to 256")
    return int(value)


def _flag(value: str) -> bool:
    if value.lower() not in {"0", "1", "true", "false", "yes", "no"}:
        raise ValueError("expected 1 or 0")
    return value.lower() in {"1", "true", "yes"}


def _secret(value: str) -> str:
    if len(value) < 16:
        raise ValueError("too short: give at least 16 random characters, or leave it unset")
    return value


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"expected {' or '.join(choices)}")
        return value

    return parse


def _kept_secret(data_dir: Path) -> str:
    """The secret of an installation that was given none: made once, readable by its owner only."""
    path = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as fault:
        raise ConfigError([f"DATA_DIR: {data_dir} cannot be written ({fault.strerror})"]) from fault
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
