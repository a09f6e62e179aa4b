"""Makes the name of an uploaded file safe to show, to store and to offer for download."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

MAX_CHARACTERS = 120
# Common file systems allow 255 bytes; a browser may still add " (1)" to the name.
MAX_BYTES = 240

_FORBIDDEN = re.compile(r'[<>:"|?*%]')
_SPACES = re.compile(r"\s+")
# Names that Windows gives to devices, with or without an extension.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
# Controls, bidirectional overrides and other invisible characters, surrogates: they disguise an extension.
_DISGUISES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_filename(name: str) -> str:
    """`name` without folders, invisible or forbidden characters, at most 120 characters, extension kept.

    Never empty, never begins with a point; `file` when nothing is left.
    """
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(c for c in _SPACES.sub(" ", last) if unicodedata.category(c) not in _DISGUISES)
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", visible)).strip(" .")
    if _DEVICE.match(plain):
        plain = f"_{plain}"
    return _shorten(plain) or "file"


def extension(name: str) -> str:
    """The last extension in lower case, without its point; empty when there is none."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def with_extension(name: str, extensions: tuple[str, ...], known: frozenset[str]) -> str:
    """`name` ending in one of `extensions`: a wrong but `known` one is replaced, any other kept before it."""
    present = extension(name)
    if present in extensions:
        return name
    stem = name[: -len(present) - 1] if present in known else name
    return _shorten(f"{stem}.{extensions[0]}")


def _shorten(name: str) -> str:
    """Cut the stem, not the extension, to both limits."""
    suffix = PurePosixPath(name).suffix[:12]
    stem = name[: len(name) - len(suffix)] if suffix else name
    stem = stem[: MAX_CHARACTERS - len(suffix)]
    while len((stem + suffix).encode("utf-8")) > MAX_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") + suffix if stem.strip(" .") else suffix.strip(".")
