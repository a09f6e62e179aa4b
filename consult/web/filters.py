"""Jinja filters that the macros rest on: numbers and moments in the reader's language, names of codes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment

from consult.i18n import current_locale, direction
from consult.i18n import gettext as _
from consult.wording import label, tone

GENEVA = "Europe/Zurich"


def number(value: float) -> str:
    """A number with the separators of the current language."""
    return format_decimal(value, locale=_babel_locale())


def moment(value: datetime, tz: str = GENEVA) -> str:
    """Day and time in the named zone, as letters write them: "2 March 2026, 18:00 (Geneva time)"."""
    local = value.astimezone(ZoneInfo(tz))
    text = f"{_written(local.date(), 'long', _babel_locale())}, {local:%H:%M}"
    place = _("Geneva") if tz == GENEVA else tz.rpartition("/")[2].replace("_", " ")
    return _("%(time)s (%(place)s time)", time=text, place=place)


def day(value: datetime, tz: str = GENEVA) -> str:
    """The day alone, in the named zone."""
    return _written(value.astimezone(ZoneInfo(tz)).date(), "medium", _babel_locale())


@lru_cache(4096)
def _written(when: date, form: str, locale: str) -> str:
    """A date in words. A list shows few days many times, and Babel reads its pattern anew for each."""
    return format_date(when, form, locale=locale)


def utc(value: datetime) -> str:
    """RFC 3339 in UTC with seconds, for `<time datetime>`."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def filesize(octets: int) -> str:
    """A size for people: bytes, kB or MB."""
    if octets < 1000:
        return _("%(size)s bytes", size=number(octets))
    if octets < 1_000_000:
        return _("%(size)s kB", size=number(round(octets / 1000)))
    return _("%(size)s MB", size=number(round(octets / 1_000_000, 1)))


def _babel_locale() -> str:
    # British day order and spelling, as United Nations documents in English have it.
    return "en_GB" if current_locale() == "en" else current_locale().replace("-", "_")


def install(environment: Environment) -> None:
    """Make the filters known to every template of the environment."""
    for function in (number, moment, day, utc, filesize, label, tone, direction):
        environment.filters[function.__name__] = function
