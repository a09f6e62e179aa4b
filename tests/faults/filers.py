"""Clients that file, try again until they are answered, and keep what they were told."""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.house import House
from tests.faults.settings import CLIENTS, FILE_EVERY, RECEIPTS, SEED
from tests.load.writers import PARAGRAPHS, Writer, prose

ANSWERED_WITHIN = 20.0  # seconds; then the connection is given up and the request sent again
PATIENCE = 180.0  # seconds until a client gives up on one submission
REPLAYED = 0.1  # share of receipts that are asked for once more with the same key
BOUNDARY = "a-boundary-that-no-note-holds"


@dataclass(frozen=True)
class Acknowledged:
    """What a client holds in its hand."""

    title: str
    reference: str
    sha256: str
    paragraphs: int
    file: str = ""  # SHA-256 of the file that was acknowledged, if one was given


@dataclass
class Tale:
    """What all clients met; `refused` and `forgotten` should stay empty."""

    receipts: list[Acknowledged] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    moments: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def done(self) -> int:
        return len(self.receipts) + len(self.refused) + len(self.given_up)


class Refused(Exception):
    """An answer that trying again cannot mend: a fault, since every request is a right one."""


class GivenUp(Exception):
    """No answer within PATIENCE."""


class Filers(threading.Thread):
    """CLIENTS threads that file RECEIPTS submissions, each with its own key; ends when all are answered."""

    def __init__(self, house: House, writers: Sequence[Writer], until: float) -> None:
        super().__init__(daemon=True)
        self.house, self.writers, self.until = house, writers, until
        self.tale = Tale()
        self._next = iter(range(RECEIPTS))

    def run(self) -> None:
        threads = [threading.Thread(target=self._file, args=(n,), daemon=True) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _take(self) -> int | None:
        with self.tale.lock:
            return next(self._next, None)

    def _file(self, client: int) -> None:
        chance = random.Random(SEED * 1_000 + client)
        desk = _Desk(self.house, self.tale, chance, self.until)
        while time.monotonic() < self.until and (number := self._take()) is not None:
            writer = self.writers[number % len(self.writers)]
            title = f"Receipt {number} {uuid.UUID(int=chance.getrandbits(128))}"
            try:
                found = desk.file(writer, title, with_file=FILE_EVERY > 0 and number % FILE_EVERY == 0)
            except Refused as fault:
                with self.tale.lock:
                    self.tale.refused.append(f"{title}: {fault}")
            except GivenUp:
                with self.tale.lock:
                    self.tale.given_up.append(title)
            else:
                with self.tale.lock:
                    self.tale.receipts.append(found)
                    self.tale.moments.append(time.monotonic())


class _Desk:
    """One client's way of filing."""

    def __init__(self, house: House, tale: Tale, chance: random.Random, until: float) -> None:
        self.house, self.tale, self.chance, self.until = house, tale, chance, until
        self.line: http.client.HTTPConnection | None = None

    def file(self, writer: Writer, title: str, *, with_file: bool) -> Acknowledged:
        texts = {area: "\n\n".join(prose(self.chance) for _n in range(PARAGRAPHS)) for area in ("rt1", "rt2")}
        body = {
            "organisation": writer.organisation,
            "language": "en",
            "title": title,
            "contributions": [{"area": area, "text": text} for area, text in texts.items()],
            "submit": not with_file,
        }
        given = json.dumps(body).encode()
        if with_file:
            return self._in_steps(writer, title, given)
        key = str(uuid.UUID(int=self.chance.getrandbits(128)))
        receipt = self._send(writer, writer.path, given, key)["receipt"]
        if self.chance.random() < REPLAYED:
            again = self._send(writer, writer.path, given, key)["receipt"]
            if again != receipt:
                with self.tale.lock:
                    self.tale.forgotten.append(f"{title}: {receipt} became {again}")
        return Acknowledged(title, receipt["reference"], receipt["sha256"], 2 * PARAGRAPHS)

    def _in_steps(self, writer: Writer, title: str, given: bytes) -> Acknowledged:
        """A draft, a note attached, the draft filed: three acts, each with a key of its own."""
        keys = [str(uuid.UUID(int=self.chance.getrandbits(128))) for _each in range(3)]
        reference = self._send(writer, writer.path, given, keys[0])["reference"]
        note = f"Annex to {title}. {prose(self.chance)}\n".encode()
        part = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="note.txt"\r\n'
            f"Content-Type: text/plain\r\n\r\n{note.decode()}\r\n--{BOUNDARY}--\r\n"
        ).encode()
        address = f"/api/v1/submissions/{reference}"
        kept = self._send(
            writer, f"{address}/attachments", part, keys[1], f"multipart/form-data; boundary={BOUNDARY}"
        )
        if kept["sha256"] != hashlib.sha256(note).hexdigest():
            raise Refused(f"the file was received as {kept['sha256']}")
        receipt = self._send(writer, f"{address}/submission", b"", keys[2])
        return Acknowledged(title, receipt["reference"], receipt["sha256"], 2 * PARAGRAPHS, kept["sha256"])

    def _send(
        self, writer: Writer, path: str, body: bytes, key: str, media_type: str = "application/json"
    ) -> dict[str, Any]:
        """POST until an answer says yes. Raises Refused, GivenUp."""
        headers = {
            "Authorization": f"Bearer {writer.token}",
            "Idempotency-Key": key,
            "Content-Type": media_type,
        }
        end, pause = min(time.monotonic() + PATIENCE, self.until + PATIENCE), 0.05
        while time.monotonic() < end:
            status, answer = self._try(path, body, headers)
            with self.tale.lock:
                self.tale.tries[status] += 1
            if status == "201":
                return dict(json.loads(answer))
            if status.startswith("4") and status != "429":
                raise Refused(f"{status} {answer[:300].decode(errors='replace')}")
            time.sleep(pause * self.chance.uniform(0.5, 1.5))
            pause = min(pause * 2, 2.0)
        raise GivenUp

    def _try(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[str, bytes]:
        """(status, body), or (name of the fault, nothing)."""
        if self.line is None:
            self.line = http.client.HTTPConnection(
                self.house.config.host, self.house.config.port, timeout=ANSWERED_WITHIN
            )
        try:
            self.line.request("POST", path, body, headers)
            answer = self.line.getresponse()
            return str(answer.status), answer.read()
        except (OSError, http.client.HTTPException) as fault:
            self.line.close()
            self.line = None
            return type(fault).__name__, b""
