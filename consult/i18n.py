"""The language of this request or letter, and messages in it; knows nothing of Flask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "translations"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

_locale: ContextVar[str] = ContextVar("locale", default="en")


def current_locale() -> str:
    return _locale.get()


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


@cache
def available_locales() -> list[str]:
    """Interface languages that have a catalogue; English needs none. Looked up once: every request asks."""
    found = sorted(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/messages.mo"))
    return ["en", *[name for name in found if name != "en"]]


def use_locale(language: str) -> None:
    """Set the language for the rest of this request."""
    _locale.set(language if language in available_locales() else "en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within the block, messages are in `language` (a letter to somebody else)."""
    token = _locale.set(language if language in available_locales() else "en")
    try:
        yield
    finally:
        _locale.reset(token)


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [language])


def gettext(message: str, **values: Any) -> str:
    """The message in the current language, with `%(name)s` filled in."""
    text = _catalogue(_locale.get()).ugettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, count: int, **values: Any) -> str:
    """The right plural form; `%(count)s` is always available."""
    text = _catalogue(_locale.get()).ungettext(singular, plural, count)
    return text % {"count": count, **values}
