"""From a draft to the secretariat's Word file, as three people, with JavaScript and without."""

from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignedIn, nothing_foreign

pytestmark = pytest.mark.browser

CONTRIBUTOR = "contributor@example-foundation.example"
MODERATOR = "moderator.one@consult.example"
SECRETARIAT = "secretariat.one@consult.example"
CONSULTATION = "/consultations/towards-the-2030-forum"

PATHWAYS = """Seasonal workers who may change employers report abuse earlier, our paralegals find.

We recommend that permits name a sector, and not a single employer."""
DATA = "Municipal registers count births at home; national statistics do not. Both should be read together."


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_input_goes_from_the_draft_to_the_word_file(
    page_of: SignedIn, site: str, tmp_path: Path, javascript: bool
) -> None:
    title = f"Permits that name a sector ({'with' if javascript else 'without'} script)"
    contributor = page_of(CONTRIBUTOR, javascript=javascript)
    with nothing_foreign(contributor, site):
        reference = write_and_file(contributor, title, javascript)
    moderator = page_of(MODERATOR, javascript=javascript)
    with nothing_foreign(moderator, site):
        accept(moderator, reference)
    contributor.goto(f"/submissions/{reference}")
    expect(contributor.locator("main")).to_contain_text("Accepted")
    secretariat = page_of(SECRETARIAT, javascript=javascript)
    with nothing_foreign(secretariat, site):
        look_at_coverage(secretariat)
        find_input(secretariat, reference, title)
        cite(secretariat, reference)
        take_report(secretariat, reference, tmp_path)


def write_and_file(page: Page, title: str, javascript: bool) -> str:
    page.goto(CONSULTATION)
    page.goto(f"{CONSULTATION}/submissions/new")
    page.get_by_label("In which language will you write?").select_option("en")
    page.get_by_role("button", name="Begin a draft").click()
    page.wait_for_url(re.compile("/edit$"))
    reference = page.url.split("/")[-2]
    page.get_by_label("Title").fill(title)
    texts = page.locator("textarea[name^=text-]")
    texts.nth(0).fill(PATHWAYS)
    texts.nth(3).fill(DATA)
    if javascript:
        expect(page.locator("[data-autosave-state]")).to_have_attribute("data-state", "saved")
        expect(page.locator("#c-text-round-table-1")).to_contain_text("24")
    else:
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_role("status").first).to_contain_text("Saved.")
    page.get_by_role("button", name="File this version").click()
    page.wait_for_url(re.compile("/receipt$"))
    expect(page.locator("main")).to_contain_text(re.compile("[0-9a-f]{64}"))
    return reference


def accept(page: Page, reference: str) -> None:
    """Claim the very case by its address in the queue, and accept it."""
    until = time.monotonic() + 30
    while True:
        page.goto("/moderation?language=en&consultation=towards-the-2030-forum")
        card = page.locator(".cases li").filter(has_text=reference)
        if card.count():
            break
        assert time.monotonic() < until, "the worker did not screen the submission"
        time.sleep(0.5)
    card.get_by_role("link").first.click()
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("#filed")).to_contain_text("permits name a sector")
    page.get_by_label(re.compile("^Accept")).check()
    page.get_by_role("button", name="Decide and stay").click()
    expect(page.locator("main")).to_contain_text(re.compile("Accept"))


def look_at_coverage(page: Page) -> None:
    page.goto(f"{CONSULTATION}/coverage?rows=area&columns=group")
    table = page.locator("table").first
    expect(table).to_contain_text("Drivers, pathways and work")
    expect(table).to_contain_text("Civil society")


def find_input(page: Page, reference: str, title: str) -> None:
    page.goto(f"{CONSULTATION}/inputs?q=paralegals+abuse")
    expect(page.locator("main")).to_contain_text(title)
    page.goto(f"{CONSULTATION}/inputs/{reference}")
    expect(page.locator("#p2")).to_contain_text("not a single employer")


def cite(page: Page, reference: str) -> None:
    """Write one statement that rests on a paragraph of the input."""
    page.goto(f"{CONSULTATION}/summary?area=round-table-1&q=paralegals")
    page.get_by_role("checkbox", name=re.compile(rf"{reference} ¶1\b")).check()
    page.locator("textarea[name=text]").fill("Permits should name a sector, contributors said.")
    page.get_by_role("button", name=re.compile("Add")).first.click()
    expect(page.locator("main")).to_contain_text("Permits should name a sector, contributors said.")


def take_report(page: Page, reference: str, folder: Path) -> None:
    page.goto(f"{CONSULTATION}/reports")
    page.get_by_role("button", name=re.compile("Build")).click()
    page.wait_for_url(re.compile(r"/reports/\d+$"))
    until = time.monotonic() + 60
    while not page.get_by_role("link", name="summary.docx").count():
        assert time.monotonic() < until, page.locator("main").inner_text()
        time.sleep(0.5)
        page.reload()
    for name, part in (("summary.docx", "word/endnotes.xml"), ("inputs.xlsx", "xl/sharedStrings.xml")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        path = folder / name
        download.value.save_as(path)
        with zipfile.ZipFile(path) as package:
            parts = package.namelist()
            text = b"".join(package.read(p) for p in parts if p.endswith(".xml")).decode()
        assert part in parts or name == "inputs.xlsx"
        assert reference in text
