"""The plain sentence for every reason to refuse a file; each says what to do instead."""

from __future__ import annotations

from collections.abc import Mapping

from consult.i18n import gettext as _
from consult.submissions.intake.verdicts import FactValue


def explain(reason: str, facts: Mapping[str, FactValue]) -> str:
    """The sentence for `reason`, filled in with `facts`, in the language of the request.

    Raises KeyError for a reason without a sentence.
    """
    sentence = {**_about_kinds(), **_about_contents(), **_about_limits()}[reason]
    return sentence % facts if facts else sentence


def _about_kinds() -> dict[str, str]:
    return {
        "empty": _("This file is empty. Please choose the file again, or save it again first."),
        "missing": _("This file did not arrive. Please send it again."),
        "not_accepted": _("This file is of the kind %(kind)s. Accepted here: %(accepted)s."),
        "unknown_kind": _("This is not a kind of file that is known here. Accepted here: %(accepted)s."),
        "program": _("This is a program, whatever its name says. Programs are never accepted."),
        "archive": _("This is an archive. Please send the documents in it one by one."),
        "old_office": _("This was saved by an old office program. Please save it as .docx, .odt or PDF."),
        "web_page": _("This is a web page. Please save it as PDF or as a text document."),
        "not_text": _(
            "This text is not in UTF-8. Please save it again as plain text with the encoding UTF-8."
        ),
        "misnamed_text": _(
            "The name of this file ends in .%(extension)s, but it holds plain text. If so, "
            "please let its name end in .txt."
        ),
    }


def _about_contents() -> dict[str, str]:
    return {
        "damaged": _(
            "This file is damaged or incomplete. Please open it, save it again and send the new copy."
        ),
        "macros": _("This document contains macros or scripts. Please save it without them, or as PDF."),
        "encrypted": _("This file is protected by a password. Please save it without one."),
        "nested": _("Another file is packed inside this one. Please remove it, or send it separately."),
        "outside_link": _(
            "This document would fetch a part of itself from elsewhere when opened. Please save it as PDF."
        ),
        "entities": _("This document declares XML entities, which can be misused. Please save it as PDF."),
        "unsafe_names": _("This document contains parts with unsafe names. Please save it again, or as PDF."),
    }


def _about_limits() -> dict[str, str]:
    return {
        "too_many_parts": _("This document is made of more than %(limit)s parts. Please save it as PDF."),
        "bomb": _(
            "This file would unpack to far more than its size. Please remove very large or empty parts, "
            "or save it as PDF."
        ),
        "too_slow": _(
            "Examining this file took longer than %(seconds)s seconds, so it was stopped. "
            "Please send a simpler or smaller file."
        ),
        "too_heavy": _("Examining this file needed too much memory. Please send a simpler or smaller file."),
        "too_many_pixels": _("This picture has too many pixels. Please make it smaller and send it again."),
        "unexamined": _(
            "This file could not be examined. Please save it again, or as PDF, and send the new copy."
        ),
    }
