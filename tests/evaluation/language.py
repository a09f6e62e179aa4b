"""Measures language detection on six languages and a seventh: `python -m tests.evaluation.language`."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from consult.moderation.screening.language import OTHER, UNSURE, detect
from tests.evaluation.corpora import ABSENT, corpus, rows

SIX = "sixlang/sdg_six.csv"
SEVENTH = "cimt_de/cycling_dialogues_de.csv"
SEED = 20_260

PARAGRAPH_WORDS = 12
# A Chinese word is about one and a half characters long.
CHARACTERS_PER_WORD = 1.6

Text = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One measurement: how many of `total` were named rightly, how many left open."""

    name: str
    total: int
    right: int
    unsure: int

    @property
    def accuracy(self) -> float:
        return self.right / self.total

    @property
    def errors(self) -> float:
        """The share that was named, and wrongly."""
        return (self.total - self.right - self.unsure) / self.total


def six_languages() -> list[Text]:
    """Language and text of every goal, target and indicator of the SDG in the six languages."""
    return [(row["lang"], row["text"]) for row in rows(SIX)]


def seventh_language() -> list[Text]:
    """German contributions of citizens, which ought to be called `other`."""
    return [(OTHER, row["text"]) for row in rows(SEVENTH)]


def words_of(language: str, text: str) -> list[str]:
    return list("".join(text.split())) if language == "zh" else text.split()


def paragraphs(texts: Iterable[Text]) -> list[Text]:
    """The texts of twelve words or more."""
    return [
        (lang, text) for lang, text in texts if len(words_of(lang, text)) >= _units(lang, PARAGRAPH_WORDS)
    ]


def cuttings(texts: Iterable[Text], words: int, seed: int = SEED) -> list[Text]:
    """`words` neighbouring words, from a place drawn by lot, of every text that has them."""
    lot = random.Random(seed)
    cut = []
    for lang, text in texts:
        found, length = words_of(lang, text), _units(lang, words)
        if len(found) >= length:
            start = lot.randrange(len(found) - length + 1)
            cut.append((lang, ("" if lang == "zh" else " ").join(found[start : start + length])))
    return cut


def _units(language: str, words: int) -> int:
    return round(words * CHARACTERS_PER_WORD) if language == "zh" else words


def measure(name: str, texts: Iterable[Text], most: int | None = None, seed: int = SEED) -> Row:
    """Detect the language of `texts`, or of `most` of them drawn by lot."""
    drawn = list(texts)
    if most is not None and len(drawn) > most:
        drawn = random.Random(seed).sample(drawn, most)
    found = [(lang, detect(text).language) for lang, text in drawn]
    return Row(
        name,
        len(found),
        sum(lang == answer for lang, answer in found),
        sum(answer == UNSURE for _, answer in found),
    )


def table() -> list[Row]:
    """Every measurement, on all the texts."""
    six, german = six_languages(), seventh_language()
    cut: dict[str, Callable[[list[Text]], list[Text]]] = {
        "paragraphs": paragraphs,
        "five words": lambda texts: cuttings(texts, 5),
        "three words": lambda texts: cuttings(texts, 3),
    }
    found = [measure(f"six languages, {name}", choose(six)) for name, choose in cut.items()]
    found += [measure(f"a seventh, {name}", choose(german)) for name, choose in cut.items()]
    for language in sorted({lang for lang, _ in six}):
        one = [(lang, text) for lang, text in six if lang == language]
        found.append(measure(f"{language}, five words", cuttings(one, 5)))
    return found


def main() -> None:
    """Print the table, or one line where there is nothing to measure on."""
    if not (corpus(SIX).exists() and corpus(SEVENTH).exists()):
        sys.exit(ABSENT)
    print(f"{'':36}{'texts':>7}{'right':>8}{'wrong':>8}{'unsure':>8}")
    for row in table():
        print(f"{row.name:36}{row.total:7}{row.accuracy:8.4f}{row.errors:8.4f}{row.unsure / row.total:8.4f}")


if __name__ == "__main__":
    main()
