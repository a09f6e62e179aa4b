"""Numbers of registries, checked as far as their format allows and put into one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import lei

from consult.i18n import gettext as _
from consult.vocabulary import IdentifierScheme

_ROR = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6})([0-9]{2})/?")
# Crockford's base 32, as ROR uses it: no i, l, o, u.
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
NATIONAL_MOST = 60


def normal_identifier(scheme: IdentifierScheme, value: str) -> str:
    """The usual spelling of a registry's number. Raises ValueError, with a sentence, for what is none."""
    return _CHECKS[scheme](value.strip())


def _icso(value: str) -> str:
    """The profile number of the integrated Civil Society Organizations System (UN DESA): digits only."""
    if not re.fullmatch(r"[0-9]{1,8}", value) or not value.strip("0"):
        raise ValueError(_("An iCSO number has digits only, for example 635021."))
    return value.lstrip("0")


def _ror(value: str) -> str:
    """A ROR identifier: base 32 with two check digits, ISO/IEC 7064 MOD 97-10."""
    found = _ROR.fullmatch(value.lower())
    if found is None:
        raise ValueError(_("A ROR identifier looks like https://ror.org/05a28rw58."))
    number = 0
    for letter in found[1]:
        number = number * 32 + _BASE32.index(letter)
    if 98 - number * 100 % 97 != int(found[2]):
        raise ValueError(_("The check digits of this ROR identifier do not match; look for a typing slip."))
    return f"https://ror.org/{found[1]}{found[2]}"


def _lei(value: str) -> str:
    """A legal entity identifier, ISO 17442: twenty letters and digits, the last two check the rest."""
    compact = re.sub(r"[ -]", "", value).upper()
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", compact):
        raise ValueError(_("A LEI has twenty letters and digits; the last two are digits."))
    if not lei.is_valid(compact):
        raise ValueError(_("The check digits of this LEI do not match; look for a typing slip."))
    return compact


def _national(value: str) -> str:
    """Free text: every country numbers its registers in its own way."""
    if not 1 <= len(value) <= NATIONAL_MOST:
        raise ValueError(_("Give at most %(most)s characters.", most=NATIONAL_MOST))
    return value


_CHECKS: dict[IdentifierScheme, Callable[[str], str]] = {
    IdentifierScheme.ICSO: _icso,
    IdentifierScheme.ROR: _ror,
    IdentifierScheme.LEI: _lei,
    IdentifierScheme.NATIONAL: _national,
}
