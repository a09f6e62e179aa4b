"""The modules in a real browser: what they promise to someone who is typing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Response, jsonify, render_template, render_template_string, request
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from consult.actor import Actor
from consult.submissions.intake.words import count_words
from consult.web import gallery
from tests.web.frame import frame

EDITOR = """
{% extends "base.html" %}
{% from "macros/forms.html" import form, field, textarea, select, button %}
{% from "macros/display.html" import autosave_state, keys_dialog, progress, token_once %}
{% block title %}Editor{% endblock %}
{% block main %}
{% call form("/form", attrs={"data-autosave-url": "/save", "data-revision": revision}) %}
<input type="hidden" name="revision" value="{{ revision }}">
{{ field("Title", "title", title, attrs={"data-autosave": "title"}) }}
{{ select("Language", "language", languages, "en") }}
{{ textarea("Area", "text", "", limit=5, language="en", autosave=true, area="rt1") }}
{{ button("File") }}{{ autosave_state("/compare") }}
{% endcall %}
<a href="#accepted" data-key="a">Accept</a>
{{ keys_dialog([("a", "Accept")]) }}
{% if building %}{{ progress("Building", 0, 10, "/progress") }}{% endif %}
{% endblock %}
{% block scripts %}
{% for name in ("autosave", "counters", "keys", "progress") %}
<script type="module" src="{{ url_for('static', filename='js/' ~ name ~ '.js') }}"></script>
{% endfor %}
{% endblock %}
"""

TEXTS = [
    ("One, two-three and it's 1,000.5 m²", "en"),
    ("Write to amal@example.org or see https://example.org/a?b=c, please", "en"),
    ("L’été, aujourd’hui\u00a0: c’est-à-dire", "fr"),
    ("Права человека — 12,5 млн", "ru"),
    ("ندعو الدُّوَل إلى ضمـان ١٬٠٠٠ تأشيرة", "ar"),
    ("我们建议2026年的合同（written contract），见https://example.org。", "zh"),
    ("e\u0301te\u0301 soft\u00adhyphen zero\u200bwidth", "fr"),
    ("", "en"),
]

pytestmark = pytest.mark.browser


class Server:
    """What the product's API answers to an autosave, on one draft."""

    def __init__(self) -> None:
        self.saves: list[dict[str, Any]] = []
        self.posts: list[dict[str, str]] = []
        self.start_again()

    def start_again(self) -> None:
        self.revision, self.failing, self.pause, self.polls = 3, False, 0.0, 0
        self.saves.clear()
        self.posts.clear()

    def save(self) -> Response:
        time.sleep(self.pause)
        if self.failing:
            return Response(status=503)
        if request.headers["If-Match"] != f'"{self.revision}"':
            return Response(status=412)
        self.revision += 1
        self.saves.append(request.get_json())
        answer = jsonify({})
        answer.headers["ETag"] = f'"{self.revision}"'
        return answer

    def form(self) -> str:
        self.posts.append(dict(request.form))
        return "filed"

    def progress(self) -> Response:
        self.polls += 1
        return jsonify(state="ready" if self.polls > 1 else "building", progress={"done": 3, "total": 10})

    def editor(self) -> str:
        return render_template_string(
            EDITOR,
            revision=self.revision,
            title="Old",
            languages=[(code, code) for code in ("ar", "en", "fr", "ru", "zh")],
            building="building" in request.args and self.polls < 2,
            actor=Actor(account_id=1, name="A member"),
        )

    def gallery(self) -> str:
        direction = request.args.get("direction", "ltr")
        return render_template("gallery.html", **gallery.content(), direction=direction)


@pytest.fixture(scope="module")
def running() -> tuple[Server, str]:
    """One server for the file, and its address; a thread that ends with the process."""
    server, app = Server(), frame()
    app.add_url_rule("/edit", view_func=server.editor)
    app.add_url_rule("/gallery", view_func=server.gallery)
    app.add_url_rule("/progress", view_func=server.progress)
    app.add_url_rule("/save", view_func=server.save, methods=["PATCH"])
    app.add_url_rule("/form", view_func=server.form, methods=["POST"])
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=listening.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{listening.server_port}"


@pytest.fixture
def server(running: tuple[Server, str]) -> Server:
    running[0].start_again()
    return running[0]


@pytest.fixture
def page(browser: Browser, running: tuple[Server, str], server: Server) -> Iterator[Page]:
    """The editor, open, with a clock that the test moves; any script error fails the test."""
    context = browser.new_context(base_url=running[1])
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.clock.install()
    page.goto("/edit")
    yield page
    context.close()
    assert not faults


def saving(page: Page, milliseconds: int = 1600) -> None:
    """Let the pause of the autosave pass, and wait for the answer."""
    with page.expect_response("**/save"):
        page.clock.run_for(milliseconds)


def state(page: Page, wanted: str) -> None:
    page.wait_for_selector(f"[data-autosave-state][data-state={wanted}]")


def kept(page: Page) -> int:
    return int(page.evaluate("localStorage.length"))


def test_what_is_typed_is_saved_once_with_what_changed(page: Page, server: Server) -> None:
    page.fill("#f-text", "one two")
    assert kept(page) == 1
    saving(page)
    state(page, "saved")
    assert server.saves == [{"contributions": [{"area": "rt1", "text": "one two"}]}]
    assert page.input_value("[name=revision]") == "4"
    assert kept(page) == 0


def test_text_that_never_reached_the_server_comes_back(page: Page, server: Server) -> None:
    server.failing = True
    page.fill("#f-title", "Lost on the way")
    saving(page)
    state(page, "offline")
    server.failing = False
    page.goto("/edit")
    assert page.input_value("#f-title") == "Lost on the way"
    saving(page)
    assert server.saves == [{"title": "Lost on the way"}]


def test_a_colleagues_text_is_not_overwritten(page: Page, server: Server) -> None:
    server.revision += 1
    page.fill("#f-title", "Mine")
    saving(page)
    state(page, "conflict")
    assert page.get_attribute("[data-autosave-state] a", "href") == "/compare"
    page.goto("/edit")
    assert page.input_value("#f-title") == "Old"
    assert page.text_content("main details pre") == "Mine"
    assert server.saves == []


def test_filing_waits_for_a_save_on_its_way(page: Page, server: Server) -> None:
    server.pause = 0.5
    page.fill("#f-title", "Racing")
    page.clock.run_for(1600)
    state(page, "saving")
    page.click("main button:has-text('File')")
    page.wait_for_url("**/form")
    assert [(post["revision"], post["title"]) for post in server.posts] == [("4", "Racing")]


def test_counts_agree_with_the_server(page: Page) -> None:
    for text, language in TEXTS:
        page.select_option("#f-language", language)
        page.fill("#f-text", text)
        shown = page.inner_text("#c-text").split()[0]
        assert shown == str(count_words(text, language)), text


def test_over_the_limit_is_said_and_nothing_is_cut(page: Page) -> None:
    page.fill("#f-text", "one two three four five six")
    assert page.inner_text("#c-text") == "6 of 5 words · 1 over the limit"
    assert page.input_value("#f-text").endswith("six")
    page.select_option("#f-language", "zh")
    page.fill("#f-text", "书面合同")
    assert page.inner_text("#c-text") == "4 of 5 characters"


def test_keys_rest_while_somebody_types_and_can_be_switched_off(page: Page) -> None:
    page.focus("#f-title")
    page.keyboard.press("a")
    assert "#accepted" not in page.url
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")
    assert page.url.endswith("#accepted")
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.click("dialog button")
    page.goto("/edit")
    page.keyboard.press("a")
    assert "#accepted" not in page.url


def test_progress_moves_and_the_page_reloads_when_ready(page: Page) -> None:
    page.goto("/edit?building")
    with page.expect_response("**/progress"):
        page.clock.run_for(1100)
    page.wait_for_function("document.querySelector('progress').value === 3")
    with page.expect_navigation():
        page.clock.run_for(9000)
    assert page.query_selector("progress") is None


def test_the_menu_closes_on_escape_and_gives_focus_back(page: Page) -> None:
    page.click("details.menu summary")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('details.menu').open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_phone_never_scrolls_sideways(page: Page, direction: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/gallery?direction={direction}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
