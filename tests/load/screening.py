"""How many short texts one core screens in a second, beside the bare libraries."""

from __future__ import annotations

from tests.evaluation.corpora import ABSENT, corpus
from tests.evaluation.screening_speed import CORPUS, inputs, measure
from tests.load.stand import Stand
from tests.load.table import NotMeasured, Row

TEXTS = 3_000


def rows(_stand: Stand) -> list[Row | NotMeasured]:
    """Texts a second, and the share of the time that the libraries alone would need."""
    if not corpus(CORPUS).exists():
        return [NotMeasured("screening", ABSENT)]
    speed = measure(inputs(TEXTS))
    steps = {str(kind): seconds / speed.texts * 1e6 for kind, seconds in speed.steps.items()}
    return [
        Row(
            "screening: short texts per core",
            speed.per_second,
            "/s",
            least=1_500,
            facts={"microseconds": steps},
        ),
        Row(
            "screening: speed beside the bare libraries",
            speed.per_second,
            "/s",
            least=0.8,
            of_ratio=True,
            beside=speed.texts / speed.bare,
            beside_what="bare",
        ),
    ]
