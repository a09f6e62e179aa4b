"""The queue by keyboard alone, and words hidden by selecting them, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from consult.db import session
from consult.vocabulary import Role
from tests import factories as make

pytestmark = pytest.mark.browser

TEXT = "Amal asks Amal: who pays Amal?\n\nWrite to amal.haddad@example.org for the survey of the port."


@pytest.fixture
def address(committed: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, committed, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def page(browser: Browser, committed: Flask, address: str) -> Iterator[Page]:
    """A moderator's browser on the queue, with three cases in it."""
    with committed.app_context():
        person = make.an_account(role=Role.MODERATOR)
        consultation = make.a_consultation()
        for text in (TEXT, make.TEXT, make.TEXT):
            make.a_case(consultation, texts={"rt1": text})
        cookie = {"_user_id": f"{person.id}.{person.session_epoch}", "_fresh": True}
        sealed = committed.session_interface.get_signing_serializer(committed).dumps(cookie)
        session.remove()
    context = browser.new_context(base_url=address)
    context.add_cookies([{"name": committed.config["SESSION_COOKIE_NAME"], "value": sealed, "url": address}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto("/moderation")
    yield page
    context.close()
    assert faults == []


def test_a_moderator_needs_no_mouse(page: Page):
    page.keyboard.press("n")
    page.wait_for_url("**/moderation/cases/*")
    first = page.url
    # Selecting the second "Amal" fills the form that hides it.
    page.evaluate(
        """() => {
          const text = document.querySelector("#filed .para > p").firstChild;
          const range = document.createRange();
          range.setStart(text, 10);
          range.setEnd(text, 14);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    page.wait_for_function("document.getElementById('redaction').elements.words.value === 'Amal'")
    assert page.input_value("#f-occurrence") == "2"
    assert page.input_value("#f-paragraph") == "1"
    page.click("#redaction button")
    page.wait_for_url("**#p1")
    assert page.inner_text("#seen-p1 > p") == "Amal asks [█████]: who pays Amal?"
    # Accept, and Enter takes the next case.
    page.keyboard.press("a")
    assert page.is_checked("#f-verdict")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first and "#" not in url)
    assert "Accept. The contributor is told." in page.inner_text("main")
    # A letter typed into a message is a letter.
    page.fill("#f-message", "")
    page.type("#f-message", "artn")
    assert page.input_value("#f-message") == "artn"
    page.keyboard.press("Tab")
    second = page.url
    page.focus("h1 >> xpath=..")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != second)
    assert "/moderation/cases/" in page.url
