"""Says why a text cannot be stored as it is, before the database has to."""

from __future__ import annotations

import re

from consult.i18n import gettext as _

# PostgreSQL refuses NUL in text and jsonb, UTF-8 lone surrogates, XML (DOCX, XLSX) the other controls.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def reject_unstorable(text: str) -> str | None:
    """A plain sentence naming the first character that cannot be kept and its line; None if all is well."""
    found = _UNSTORABLE.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    code = f"U+{ord(found.group()):04X}"
    if ord(found.group()) >= 0xD800:
        return _(
            "Line %(line)s contains half of a character (%(code)s), which cannot be stored. "
            "Please type it again.",
            line=line,
            code=code,
        )
    return _(
        "Line %(line)s contains an invisible control character (%(code)s), which cannot be stored. "
        "Please remove it.",
        line=line,
        code=code,
    )
