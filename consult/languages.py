"""Languages: the six of the United Nations, names through CLDR, and BCP 47 tags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pycountry
from babel import Locale, UnknownLocaleError

from consult.i18n import direction
from consult.i18n import gettext as _
from consult.vocabulary import UN_LANGUAGES

# RFC 5646, section 2.1, without extended and grandfathered tags, which nobody writes a text in.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Language:
    """`name` in the language itself; `direction` is `ltr` or `rtl`, for the `dir` attribute."""

    tag: str
    name: str
    direction: str


def un_languages() -> tuple[Language, ...]:
    """The six official languages, in the order of their English names."""
    return tuple(Language(tag, own_name(tag), direction(tag)) for tag in UN_LANGUAGES)


def own_name(tag: str) -> str:
    """The language's name in the language itself."""
    return language_name(tag, tag)


@lru_cache(2048)
def language_name(tag: str, locale: str) -> str:
    """The language's name in `locale`, from CLDR; in English where CLDR has none; else the tag."""
    tag = language_tag(tag)
    parts = re.split("-", tag, maxsplit=1)
    for speaker in (locale, "en"):
        try:
            names = Locale.parse(speaker, sep="-").languages
        except (ValueError, UnknownLocaleError):
            continue
        whole = names.get(tag.replace("-", "_"))
        if whole:
            return str(whole)
        if parts[0] in names:
            rest = f" ({parts[1]})" if len(parts) > 1 else ""
            return f"{names[parts[0]]}{rest}"
    known = _entry(parts[0])
    return known.name if known else tag


def language_tag(value: str) -> str:
    """The tag in its usual spelling: `zh-hans-cn` becomes `zh-Hans-CN`.

    Raises ValueError, with a sentence, for what is not a BCP 47 tag or names no known language.
    """
    match = _TAG.fullmatch(value.strip().lower())
    if match is None:
        raise ValueError(_("Give a language as a BCP 47 tag, for example en, pt-BR or zh-Hans."))
    language, script, region = match["language"], match["script"], match["region"]
    entry = _entry(language)
    if entry is None:
        raise ValueError(_("“%(code)s” is no language code of ISO 639.", code=language))
    if script and pycountry.scripts.get(alpha_4=script.title()) is None:
        raise ValueError(_("“%(code)s” is no script code of ISO 15924.", code=script.title()))
    if region and region.isalpha() and pycountry.countries.get(alpha_2=region.upper()) is None:
        raise ValueError(_("“%(code)s” is no country code of ISO 3166-1.", code=region.upper()))
    # RFC 5646, section 4.5: where a language has a code of two letters, that one is used.
    language = getattr(entry, "alpha_2", language)
    parts = [language, script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part) + match["variants"]


def _entry(language: str) -> pycountry.db.Data | None:
    key = "alpha_2" if len(language) == 2 else "alpha_3"
    return pycountry.languages.get(**{key: language})
