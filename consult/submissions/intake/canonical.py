"""The one spelling of a submission's content that receipts are computed over (RFC 8785)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import rfc8785

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def canonical_bytes(content: Mapping[str, Any]) -> bytes:
    """`content` in the JSON Canonicalization Scheme, as UTF-8.

    Values are strings, finite numbers (integers within ±(2^53 − 1)), booleans, None, and lists, tuples and
    mappings of these. Raises ValueError for anything else, because a receipt over a guess proves nothing.
    """
    try:
        return rfc8785.dumps(dict(content))
    except rfc8785.CanonicalizationError as fault:
        raise ValueError(f"this content has no canonical form: {fault}") from fault


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256, in lower-case hexadecimal, of the canonical bytes of `content`."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def text_fingerprint(text: str) -> str:
    """SHA-256 of `text` without its typography: texts that differ only in case or punctuation share it.

    Finds exact duplicates; says nothing about similar texts. Texts without a letter or figure all share one.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256(_BETWEEN_WORDS.sub(" ", plain).strip().encode("utf-8")).hexdigest()
