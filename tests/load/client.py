"""A lean HTTP client in one thread: many connections kept busy, each answer timed."""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PATIENCE = 30.0


@dataclass
class Outcome:
    """What came back: seconds of each answer, how many of each status, and how long all of it took."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    sample: bytes = b""

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


class _Lane:
    """One kept-alive connection with one request on its way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket: socket.socket | None = None
        self.request = self.received = b""
        self.began = 0.0

    def send(self, request: bytes) -> None:
        self.request, self.received, self.began = request, b"", time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)

    def receive(self) -> tuple[int, bytes] | None:
        """(status, body) once the answer is whole; None before. Raises ConnectionError when it breaks off."""
        assert self.socket
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("the server hung up")
        self.received += chunk
        head, parting, body = self.received.partition(b"\r\n\r\n")
        if not parting:
            return None
        fields = head.lower()
        length = (
            int(fields.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in fields else 0
        )
        if len(body) < length:
            return None
        if b"connection: close" in fields:
            self.close()
        return int(head.split(b" ", 2)[1]), body

    def close(self) -> None:
        if self.socket:
            self.socket.close()
            self.socket = None


def drive(
    address: tuple[str, int],
    requests: Iterator[bytes],
    *,
    clients: int,
    seconds: float = float("inf"),
    most: int = 10**9,
) -> Outcome:
    """Send requests over `clients` connections, each its next one as soon as it is answered.

    Ends after `seconds`, or `most` requests, or the last request; what is on its way then is awaited. Raises
    ConnectionError after PATIENCE seconds without any answer.
    """
    outcome, lanes = Outcome(), [_Lane(address) for _each in range(clients)]
    start = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        sent = 0

        def next_on(lane: _Lane) -> None:
            nonlocal sent
            if sent < most and time.perf_counter() - start < seconds and (request := next(requests, None)):
                sent += 1
                lane.send(request)
                assert lane.socket
                waiting.register(lane.socket, selectors.EVENT_READ, lane)

        for lane in lanes:
            next_on(lane)
        while waiting.get_map():
            events = waiting.select(PATIENCE)
            if not events:
                raise ConnectionError(f"no answer for {PATIENCE:.0f} seconds")
            for key, _mask in events:
                _hear(key.data, outcome, waiting, next_on)
    outcome.seconds = time.perf_counter() - start
    for lane in lanes:
        lane.close()
    return outcome


def _hear(
    lane: _Lane, outcome: Outcome, waiting: selectors.BaseSelector, next_on: Callable[[_Lane], None]
) -> None:
    line = lane.socket
    assert line
    try:
        answer = lane.receive()
    except ConnectionError:
        # A server may hang up on an idle connection just as it is used again: then nothing was read yet.
        if lane.received:
            raise
        waiting.unregister(line)
        lane.close()
        lane.send(lane.request)
        assert lane.socket
        waiting.register(lane.socket, selectors.EVENT_READ, lane)
        return
    if answer is None:
        return
    waiting.unregister(line)
    outcome.latencies.append(time.perf_counter() - lane.began)
    outcome.statuses[answer[0]] += 1
    if answer[0] >= 400 or not outcome.sample:
        outcome.sample = answer[1]
    next_on(lane)


def get(path: str, headers: dict[str, str]) -> bytes:
    """A GET request in bytes."""
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """A POST of JSON in bytes."""
    given = {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
