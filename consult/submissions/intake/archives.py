"""Refuses the packed files that office documents are made of when they are built to do harm."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from consult.submissions.intake.verdicts import RefusedError

MAX_PARTS = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
# Below this a high ratio is only a small part full of repetition, as honest documents have.
SMALL_PART = 1024 * 1024
_CHUNK = 64 * 1024
_HEADER = 30
_ENCRYPTED_FLAG = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

Reader = Callable[[bytes], None]


@contextmanager
def opened(stream: IO[bytes], budget: int = MAX_UNPACKED) -> Iterator[zipfile.ZipFile]:
    """The archive in `stream` after every check that its directory allows; at most `budget` bytes unpacked.

    Raises RefusedError; turns every way in which an archive can be broken into the reason `damaged`.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_directory(archive, stream, budget)
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
        struct.error,
    ) as fault:
        raise RefusedError("damaged") from fault
    except RuntimeError as fault:  # zipfile's way of asking for a password
        raise RefusedError("encrypted") from fault


def read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, reader: Reader) -> None:
    """Feed the whole of `part` to `reader` in chunks; its length and checksum are verified on the way."""
    length = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            length += len(chunk)
            reader(chunk)
    if length != part.file_size:
        raise RefusedError("damaged")


def _check_directory(archive: zipfile.ZipFile, stream: IO[bytes], budget: int) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise RefusedError("too_many_parts", limit=MAX_PARTS)
    if len({part.filename for part in parts}) != len(parts):
        raise RefusedError("unsafe_names")
    for part in parts:
        _check_part(part)
    unpacked = sum(part.file_size for part in parts)
    packed = stream.seek(0, 2)
    if unpacked > budget or (unpacked > SMALL_PART and unpacked > MAX_RATIO * packed):
        raise RefusedError("bomb")
    _check_overlap(parts)


def _check_part(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & _ENCRYPTED_FLAG:
        raise RefusedError("encrypted")
    if not _safe(part.orig_filename):
        raise RefusedError("unsafe_names")
    if part.compress_type not in _METHODS:
        raise RefusedError("damaged")
    if part.file_size > SMALL_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        raise RefusedError("bomb")


def _safe(name: str) -> bool:
    """A relative path of plain names: no way up, no drive, no backslash, no control character."""
    steps = name.removesuffix("/").split("/")
    return (
        len(name) <= 500
        and name.isprintable()
        and not any(sign in name for sign in '\\:<>"|?*\x00')
        and all(step not in ("", ".", "..") for step in steps)
    )


def _check_overlap(parts: list[zipfile.ZipInfo]) -> None:
    """Parts that share bytes unpack a small file to any size, whatever their own ratios say."""
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise RefusedError("bomb")
        # At least so long: a name takes one byte per character or more, extra fields are left out.
        end = part.header_offset + _HEADER + len(part.orig_filename) + part.compress_size
