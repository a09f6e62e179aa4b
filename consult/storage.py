"""Files kept by the hash of their bytes; written so that a power cut leaves all of a file or none."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import fsspec

from consult.errors import TooLarge

CHUNK = 1 << 20


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class Stored:
    """A file at rest: SHA-256 in hex of its original bytes, and its size in bytes."""

    sha256: str
    size: int


class Storage:
    """A content-addressed folder: local (`file://`), or whatever fsspec reaches (`s3://…`)."""

    def __init__(self, url: str) -> None:
        self.local = url.startswith("file://")
        self.files, root = fsspec.core.url_to_fs(url)
        self.root = str(root).rstrip("/")

    def _place(self, sha256: str) -> str:
        return f"{self.root}/{sha256[:2]}/{sha256[2:]}"

    @contextmanager
    def received(self, stream: Readable, limit: int) -> Iterator[tuple[Path, Stored]]:
        """Copy a stream to a temporary file and hash it on the way; the file goes when the block ends.

        Raises TooLarge as soon as more than `limit` bytes have come.
        """
        with tempfile.NamedTemporaryFile(prefix="upload-") as file:
            digest, size = hashlib.sha256(), 0
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"The file is larger than {limit // 1_000_000} MB.")
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            yield Path(file.name), Stored(digest.hexdigest(), size)

    def keep(self, path: Path, sha256: str) -> None:
        """Keep a received file for good; the caller commits its row afterwards, never before."""
        place = self._place(sha256)
        if self.files.exists(place):
            return
        if self.local:
            _keep_durably(path, Path(place))
        else:
            self.files.makedirs(place.rsplit("/", 1)[0], exist_ok=True)
            self.files.put_file(str(path), place)

    def open(self, sha256: str) -> IO[bytes]:
        """Open a kept file. Raises FileNotFoundError."""
        return self.files.open(self._place(sha256), "rb")  # type: ignore[no-any-return]

    def check(self) -> None:
        """Write, read and remove one small file. Raises OSError when the place cannot be used."""
        place = f"{self.root}/.doctor"
        self.files.makedirs(self.root, exist_ok=True)
        self.files.pipe_file(place, b"ok")
        if self.files.cat_file(place) != b"ok":
            raise OSError("read back something else than was written")
        self.files.rm_file(place)


def _keep_durably(source: Path, place: Path) -> None:
    """Temporary name, fsync, rename, fsync of the folder: without these, a power cut corrupts the file."""
    place.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.parent.mkdir(exist_ok=True)
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    with source.open("rb") as original, unfinished.open("wb") as copy:
        while chunk := original.read(CHUNK):
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    unfinished.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
