"""The frame and the macros, through the gallery that uses every one of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from flask import Flask, render_template, render_template_string
from lxml import html

from consult import vocabulary
from consult.i18n import speaking
from consult.vocabulary import Reason, Role, StakeholderGroup
from consult.web import filters, gallery
from consult.wording import label
from tests.web.frame import STATIC, TEMPLATES, frame

STYLESHEET = STATIC / "css" / "consult.css"


@pytest.fixture(scope="module")
def bare() -> Flask:
    return frame()


@pytest.fixture(scope="module")
def page(bare: Flask) -> html.HtmlElement:
    with bare.test_request_context("/"):
        return html.fromstring(render_template("gallery.html", **gallery.content()))


def rendered(bare: Flask, source: str, **context: object) -> html.HtmlElement:
    """A snippet with both macro files at hand as `f` and `d`."""
    heads = '{% import "macros/forms.html" as f %}{% import "macros/display.html" as d %}'
    with bare.test_request_context("/"):
        return html.fromstring("<div>" + render_template_string(heads + source, **context) + "</div>")


def test_the_gallery_uses_every_macro() -> None:
    shown = (TEMPLATES / "gallery.html").read_text()
    for path in (TEMPLATES / "macros").glob("*.html"):
        text = path.read_text()
        assert text.startswith("{#"), f"{path.name} opens with a comment"
        for name in re.findall(r"macro ([a-z]\w*)\(", text):
            inside = len(re.findall(rf"\b{name}\(", text)) > 1
            assert inside or re.search(rf"\b{name}\(", shown), f"{name} is not in the gallery"


def test_nothing_inline_that_the_policy_forbids(page: html.HtmlElement) -> None:
    assert not page.xpath("//*[@style] | //style | //script[not(@src)]")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    assert not page.xpath("//*[starts-with(@src, 'http') or starts-with(@src, '//')]")


def test_ids_are_unique_and_references_lead_somewhere(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    pointers = page.xpath("//label/@for") + [
        one for many in page.xpath("//@aria-describedby | //@aria-labelledby") for one in many.split()
    ]
    summary = [link[1:] for link in page.xpath("//*[@role='alert']//a/@href")]
    assert summary
    assert set(pointers + summary) <= set(ids)


def test_every_control_has_a_name(page: html.HtmlElement) -> None:
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath("//main//input[not(@type='hidden')] | //main//select | //main//textarea"):
        assert control.get("id") in labelled


def test_posts_carry_a_token_and_gets_do_not(page: html.HtmlElement) -> None:
    for form in page.xpath("//form"):
        tokens = form.xpath(".//input[@name='csrf_token']/@value")
        assert bool(tokens) is (form.get("method") == "post")


def test_a_field_shows_its_message_and_keeps_what_was_typed(bare: Flask) -> None:
    source = '{{ f.field("Title", "title", "<b>", ["Too short."], "A hint", required=true) }}'
    field = rendered(bare, source).xpath(".//input")[0]
    assert field.value == "<b>"
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby").split() == ["e-title", "h-title"]


def test_a_password_never_comes_back(bare: Flask) -> None:
    source = '{{ f.field("Password", "password", "hunter2", type="password", autocomplete="new-password") }}'
    field = rendered(bare, source).xpath(".//input")[0]
    assert field.get("value") is None
    assert field.get("autocomplete") == "new-password"


def test_a_textarea_keeps_its_first_empty_line(bare: Flask) -> None:
    area = rendered(bare, '{{ f.textarea("Text", "text", "\\none") }}').xpath(".//textarea")[0]
    assert area.text in ("\none", "\n\none")  # parsers differ on the line end that HTML drops


@pytest.mark.parametrize(
    "options", ["[('a', 'A'), ('b', 'B')]", "[{'value': 'a', 'label': 'A'}, {'value': 'b', 'label': 'B'}]"]
)
def test_choices_come_as_pairs_or_as_mappings(bare: Flask, options: str) -> None:
    chosen = rendered(bare, f'{{{{ f.select("One", "one", {options}, "b") }}}}').xpath(".//option[@selected]")
    assert [one.text for one in chosen] == ["B"]
    boxes = rendered(bare, f'{{{{ f.checkbox_group("Some", "some", {options}, ["a"]) }}}}')
    assert boxes.xpath(".//input[@checked]/@value") == ["a"]


def test_peoples_words_are_isolated_and_escaped(bare: Flask) -> None:
    words = '<script>"x"</script>\n\nندعو الدول'
    shown = rendered(bare, '{{ d.user_text(words, "ar") }}{{ d.inline(words) }}', words=words)
    assert not shown.xpath(".//script")
    assert shown.xpath(".//div[@class='text']/@lang") == ["ar"]
    assert shown.xpath(".//p/@dir") == ["auto", "auto"]
    assert shown.xpath(".//bdi")


def test_coverage_shades_by_value_and_hides_small_counts(bare: Flask) -> None:
    table = gallery.content()["coverage"]
    shown = rendered(bare, "{{ d.coverage_table(table) }}", table=table)
    first = shown.xpath(".//tbody/tr[1]/td/@class")
    assert first == ["heat-3", "heat-2", "heat-1", "heat-0", "heat-1", "total"]
    hidden = shown.xpath(".//td[normalize-space()='<5']")
    assert len(hidden) == 2
    assert not shown.xpath(".//td[normalize-space()='<5']//a")


def test_coverage_of_nothing_is_a_table_of_noughts(bare: Flask) -> None:
    table = {"caption": "C", "row_label": "R", "columns": ["A"], "rows": [], "totals": [0], "grand_total": 0}
    shown = rendered(bare, "{{ d.coverage_table(table) }}", table=table)
    assert shown.xpath(".//tfoot//td/text()") == ["0", "0"]
    assert rendered(bare, '{{ d.bar_chart("T", []) }}').xpath(".//figure")


def test_moments_read_in_geneva_and_in_utc(bare: Flask) -> None:
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    time = rendered(bare, "{{ d.when(moment) }}", moment=moment).xpath(".//time")[0]
    assert time.get("datetime") == "2026-07-01T22:30:00Z"
    assert time.text == "2 July 2026, 00:30 (Geneva time)"
    assert filters.moment(moment, "Asia/Tokyo") == "2 July 2026, 07:30 (Tokyo time)"
    assert rendered(bare, "{{ d.when(none) }}").text_content() == ""


def test_sizes_read_like_sizes() -> None:
    assert [filters.filesize(size) for size in (1, 184_320, 3_400_000)] == ["1 bytes", "184 kB", "3.4 MB"]


def test_every_word_of_the_vocabulary_has_a_name() -> None:
    unnamed = {vocabulary.SubmissionVerb}  # never shown: pages name the state that a verb leads to
    for kind in vars(vocabulary).values():
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind not in {StrEnum, *unnamed}:
            for member in kind:
                assert label(member), member
    assert label(StakeholderGroup.OTHER) != label(Reason.OTHER)
    assert label(Role.SENIOR_MODERATOR) == "Senior moderator"


def test_an_unknown_language_falls_back_to_english() -> None:
    with speaking("tlh"):
        assert filters.number(12345) == "12,345"


def test_the_weight_every_page_carries() -> None:
    """A page may weigh 60 kB: what all of them share must leave room for the words."""
    assert STYLESHEET.stat().st_size < 20_000
    assert sum(path.stat().st_size for path in (STATIC / "js").glob("*.js")) < 20_000
    assert sum(path.stat().st_size for path in (STATIC / "img").iterdir()) < 2_000


def test_modules_stand_alone_and_call_nobody_else() -> None:
    for path in (STATIC / "js").glob("*.js"):
        source = path.read_text()
        assert source.startswith("//"), f"{path.name} opens with what it is for"
        # Addresses carry a version; an import between modules would fetch a second, unversioned copy.
        assert not re.search(r"^import |https?:|innerHTML|eval\(", source, re.MULTILINE), path.name


PAIRS = [
    *(
        (ink, ground, 4.5)
        for ink in ("ink", "muted", "accent", "good", "warn", "bad")
        for ground in ("bg", "surface", "raised")
    ),
    *((tone, f"{tone}-soft", 4.5) for tone in ("accent", "good", "warn", "bad")),
    *(("ink", f"{tone}-soft", 4.5) for tone in ("accent", "good", "warn", "bad")),
    *(("ink", f"heat-{level}", 4.5) for level in (1, 2, 3, 4)),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-hover", 4.5),
    *((edge, ground, 3) for edge in ("edge", "focus") for ground in ("bg", "surface", "raised")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tokens_keep_their_contrast(scheme: str) -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11: text 4.5 to 1, edges of controls and focus 3 to 1."""
    roots = re.findall(r":root \{(.*?)\n\s*\}", STYLESHEET.read_text(), re.DOTALL)
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", roots[0]))
    if scheme == "dark":
        tokens |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", roots[1]))
    for ink, ground, least in PAIRS:
        assert contrast(tokens[ink], tokens[ground]) >= least, f"--{ink} on --{ground}"


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
