"""Guidance is Markdown from people: whatever they write, no reader's browser runs or fetches it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.prose import TAGS, markdown
from tests.factories import a_consultation

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&#58;alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox)",
    "[a](<javascript:alert(1)>)",
    "[click](//evil.example/x)",
    "![picture](https://tracker.example/p.gif)",
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<style>*{display:none}</style>",
    "<a href='https://x.example' onclick=alert(1) style=color:red>x</a>",
    '[x](https://x.example "title\\" onmouseover=alert(1)")',
    "<math><mtext></p><style><img src onerror=alert(1)>",
    "```html\n<script>alert(1)</script>\n```",
    "| a | b |\n|---|---|\n| <b onclick=x> | y |",
    "<!--><script>alert(1)</script>-->",
    "[ref]\n\n[ref]: javascript:alert(1)",
    "<https://ok.example/?q=<script>>",
]


class Strict(HTMLParser):
    """Notes every tag and attribute, and fails on what must never be there."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in {"a": ("href", "rel", "title")}.get(tag, ()), (tag, name)
            if name == "href":
                scheme, colon, _rest = (value or "").partition(":")
                assert not colon or "/" in scheme or scheme.lower() in ("http", "https", "mailto"), value


def check(text: str) -> None:
    parser = Strict()
    parser.feed(markdown(text))
    parser.close()


@pytest.mark.parametrize("text", PAYLOADS)
def test_known_payloads_are_harmless(text: str) -> None:
    check(text)


PIECES = st.sampled_from(
    ["<", ">", "&", '"', "'", "(", ")", "[", "]", "`", "\n", "*", "javascript:", "onload=", "\\"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(PIECES, st.sampled_from(PAYLOADS), st.text(max_size=8)), max_size=10))
def test_no_mixture_gets_through(pieces: list[str]) -> None:
    check("".join(pieces))


def test_the_page_shows_guidance_and_escapes_the_rest(client: FlaskClient) -> None:
    bad = "<script>alert(1)</script>"
    found = a_consultation(
        title=f"T {bad}", summary=bad, mandate=bad, guidance="\n\n".join(["**Write** plainly.", *PAYLOADS])
    )
    found.areas[0].title = found.areas[0].description = bad
    found.areas[0].questions = [bad]
    page = client.get(f"/consultations/{found.slug}").text
    assert "<strong>Write</strong>" in page
    assert "<script>" not in page
    assert "onerror=" not in page.replace("&lt;img src=x onerror=", "").replace("&lt;img src onerror=", "")
    home = client.get("/").text
    assert "<script>" not in home
    assert "&lt;script&gt;" in home
