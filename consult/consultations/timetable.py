"""Times as people write them in a place, and what a timetable deserves to be warned of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_datetime

from consult.consultations.models import SHORT_WINDOW, Consultation
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.vocabulary import Phase

GENEVA = "Europe/Zurich"
# Where the United Nations has its headquarters and regional commissions, to choose from without typing.
SUGGESTED = [GENEVA, "America/New_York", "Africa/Nairobi", "Africa/Addis_Ababa", "Europe/Vienna"]
SUGGESTED += ["Asia/Bangkok", "Asia/Beirut", "America/Santiago", "UTC"]


@cache
def time_zones() -> frozenset[str]:
    """Every zone of the IANA database that names a place, and UTC; abbreviations such as `EST` mislead."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def moment_in(text: str, time_zone: str, *, closing: bool = False) -> datetime:
    """What a clock in `time_zone` shows (`2026-03-29T18:00`), as a moment in UTC.

    In autumn an hour comes twice: opening takes the first, closing the last, so that nobody loses an hour.
    Raises ValueError, with a sentence, for what is no such time and for the hour that is skipped in spring.
    """
    try:
        # Some browsers add the seconds.
        text = re.sub(r"(T\d\d:\d\d):00$", r"\1", text.strip(), flags=re.ASCII)
        wall = datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the zone comes next
    except ValueError:
        raise ValueError(_("Give a day and a time, for example 2027-03-31T18:00.")) from None
    if not 2000 <= wall.year <= 2199:
        raise ValueError(_("Give a year between 2000 and 2199."))
    zone = ZoneInfo(time_zone)
    moment = wall.replace(tzinfo=zone, fold=int(closing)).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        instead = wall.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)
        raise ValueError(
            _(
                "Clocks in %(place)s go forward then and never show this time; write %(instead)s.",
                place=place(time_zone),
                instead=instead.strftime("%H:%M"),
            )
        )
    return moment


def local_text(moment: datetime, time_zone: str) -> str:
    """The inverse of `moment_in`, for a `datetime-local` field; seconds are not shown."""
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%dT%H:%M")


def place(time_zone: str) -> str:
    """The city of a zone, as people call it."""
    return _("Geneva") if time_zone == GENEVA else time_zone.rsplit("/", 1)[-1].replace("_", " ")


def in_words(moment: datetime, time_zone: str) -> str:
    """A moment for a letter: "31 March 2027, 18:00 (Geneva time)"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    text = format_datetime(local, "d MMMM y, HH:mm", locale=current_locale().replace("-", "_"))
    return _("%(time)s (%(place)s time)", time=text, place=place(time_zone))


def warnings(consultation: Consultation, now: datetime) -> list[str]:
    """What the secretariat should think over; never a reason to refuse."""
    found = []
    if consultation.window_is_short:
        found.append(
            _(
                "The window is %(days)s days; a network that asks its members needs six weeks (%(least)s).",
                days=(consultation.closes_at - consultation.opens_at).days,
                least=SHORT_WINDOW.days,
            )
        )
    if consultation.phase(now) == Phase.DRAFT and consultation.closes_at <= now:
        found.append(
            _("The closing time has passed: published now, the consultation would be closed at once.")
        )
    return found
