"""Language: six are named, others are `other`, little is `unsure`, and nothing is ever downloaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from consult.moderation.screening.findings import Passage, ScreeningInput
from consult.moderation.screening.language import detect
from consult.moderation.screening.language_mismatch import find_language_mismatch

# Universal Declaration of Human Rights, article 1.
ARTICLE_ONE = {
    "ar": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا.",
    "zh": "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
}
IN_OTHERS = {
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.",
    "ca": "Tots els éssers humans neixen lliures i iguals en dignitat i en drets.",
    "ro": "Toate ființele umane se nasc libere și egale în demnitate și în drepturi.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "tr": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
    "sw": "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa. Wote wamejaliwa akili na dhamiri.",
    "id": "Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama.",
    "uk": "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом.",
    "bg": "Всички хора се раждат свободни и равни по достойнство и права. Те са надарени с разум и съвест.",
    "fa": "تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت و حقوق با هم برابرند.",
    "ur": "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
}


@pytest.mark.parametrize("language", ARTICLE_ONE)
def test_official_languages(language: str) -> None:
    assert detect(ARTICLE_ONE[language]).language == language
    assert detect(ARTICLE_ONE[language].upper()).language == language


@pytest.mark.parametrize("language", IN_OTHERS)
def test_other_languages(language: str) -> None:
    assert detect(IN_OTHERS[language]).language == "other"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "N/A",
        "test",
        "A/RES/73/195",
        "12 345",
        "权利",
        "https://example.org/tous/les/etres",
        "🙂🙂🙂",
    ],
)
def test_too_little_to_tell(text: str) -> None:
    assert detect(text).language == "unsure"


def test_addresses_and_figures_do_not_count() -> None:
    text = f"https://www.example.org/all/human/beings {ARTICLE_ONE['fr']} A/RES/73/195 info@example.org"
    assert detect(text).language == "fr"


def screened(language: str, *texts: str) -> ScreeningInput:
    return ScreeningInput(language, tuple(Passage(n, "a", text) for n, text in enumerate(texts, 1)))


@pytest.mark.parametrize("language", ARTICLE_ONE)
def test_no_finding_where_the_language_is_as_declared(language: str) -> None:
    assert find_language_mismatch(screened(language, ARTICLE_ONE[language])) is None


def test_a_finding_names_both_languages() -> None:
    finding = find_language_mismatch(screened("en", ARTICLE_ONE["fr"], ARTICLE_ONE["en"][:20]))
    assert finding is not None
    assert (finding.facts["declared"], finding.facts["detected"], finding.facts["label"]) == (
        "en",
        "fr",
        "fr",
    )
    assert finding.facts["score"] > 0.9
    assert [evidence.paragraph for evidence in finding.evidence] == [1]
    assert finding.evidence[0].text == ARTICLE_ONE["fr"]


def test_a_seventh_language() -> None:
    finding = find_language_mismatch(screened("en", IN_OTHERS["de"]))
    assert finding is not None
    assert (finding.facts["detected"], finding.facts["label"]) == ("other", "de")
    assert find_language_mismatch(screened("de", IN_OTHERS["de"])) is None


def test_a_quotation_is_no_mismatch() -> None:
    assert find_language_mismatch(screened("en", ARTICLE_ONE["en"] * 4, ARTICLE_ONE["fr"])) is None
    assert find_language_mismatch(screened("zh-Hans", ARTICLE_ONE["zh"])) is None


def test_short_lines_are_read_together() -> None:
    lines = ARTICLE_ONE["es"].split()
    finding = find_language_mismatch(
        screened("en", *(" ".join(lines[n : n + 2]) for n in range(0, len(lines), 2)))
    )
    assert finding is not None
    assert finding.facts["detected"] == "es"
    assert find_language_mismatch(screened("en", "Oui.", "Non.")) is None


def test_the_model_is_the_one_in_the_wheel() -> None:
    code = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event.startswith('socket.'): raise PermissionError(event)\n"
        "sys.addaudithook(refuse)\n"
        "from consult.moderation.screening.language import detect\n"
        "assert detect('Tous les êtres humains naissent libres et égaux en dignité.').language == 'fr'\n"
    )
    root = Path(__file__).resolve().parents[3]
    environment = {"FTLANG_CACHE": "/nowhere"}
    subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=root, env=environment, check=True)
