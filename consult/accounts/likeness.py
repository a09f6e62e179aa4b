"""When two registrations may be one body: the same name but for spelling, or the same website."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

# Words that one registration has and the next one leaves out: articles, prepositions, legal forms.
_FILLERS = re.compile(
    r"the|an?|of|for|and|de|la|les?|des|du|d|l|et|en|el|los|las|del|y|e|da|dos?|das|der|die|fur|und"
    r"|inc|incorporated|ltd|limited|ev|gmbh|asbl|ngo|ong|npo|registered|society"
)
# Many bodies live on these; sharing one says nothing.
_SHARED_SITES = (
    "facebook.com",
    "instagram.com",
    "linkedin.com",
    "x.com",
    "twitter.com",
    "youtube.com",
    "sites.google.com",
    "github.io",
    "wixsite.com",
    "wordpress.com",
    "blogspot.com",
    "weebly.com",
    "linktr.ee",
)


def name_key(name: str) -> str:
    """A name without case, accents, punctuation, fillers and word order: equal keys are worth a look."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    # "e.V." and "N.G.O." are one word each.
    words = re.findall(r"\w+", plain.replace(".", "").replace("'", " ").replace("’", " "))
    telling = [word for word in words if not _FILLERS.fullmatch(word)]
    return " ".join(sorted(telling or words))


def site_of(website: str) -> str:
    """The host of an address without `www.`; empty where many bodies share the host, or there is none."""
    try:
        host = (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    shared = any(host == site or host.endswith(f".{site}") for site in _SHARED_SITES)
    return "" if shared else host
