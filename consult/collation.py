"""The order of names in a reader's language, since the embedded database has no ICU."""

from __future__ import annotations

import unicodedata

# GB 2312 puts the 3,755 common characters in the order of their sound and the rest behind them; the rare
# ones that begin the name of a country are filed with a common one of the same sound.
_SAME_SOUND = str.maketrans({"斐": "飞", "瑙": "脑", "梵": "范"})

# Letters that are letters of their own, although Unicode can take them apart.
_OWN_LETTERS = {"es": {"ñ": "n\uffff"}, "ru": {"й": "и\uffff"}}


def sort_key(text: str, locale: str) -> tuple[object, ...]:
    """A key that puts `text` in the order a reader of `locale` expects.

    Chinese goes by sound; elsewhere accents, case, apostrophes and hyphens count only between equals.
    """
    language = locale.split("-")[0].split("_")[0]
    if language == "zh":
        return (text.translate(_SAME_SOUND).encode("gb18030", "replace"), text)
    own = _OWN_LETTERS.get(language, {})
    letters = "".join(own.get(letter) or unicodedata.normalize("NFD", letter) for letter in text.casefold())
    return ("".join(c for c in letters if c.isalnum() or c in " \uffff"), text)
