"""Takes the README's pictures from a running demonstration: `python -m docs.screenshots [ADDRESS]`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from consult.demonstration.cast import PASSWORD
from tests.chromium import FLAGS, executable

FOLDER = Path(__file__).parent / "screenshots"
SECRETARIAT, MODERATOR = "secretariat.one@consult.example", "moderator.one@consult.example"

# name: (who looks, address, height in px)
PICTURES: dict[str, tuple[str | None, str, int]] = {
    "consultation": (None, "/consultations/towards-the-2030-forum", 900),
    "case": (MODERATOR, "/moderation?finding=email", 1000),
    "coverage": (SECRETARIAT, "/consultations/six-themes-revisited/coverage", 1000),
    "summary": (SECRETARIAT, "/consultations/six-themes-revisited/summary", 1000),
}


def main(address: str) -> None:
    """Write one PNG of 1280 px for each picture; the case is the first of the queue, claimed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        for name, (who, path, height) in PICTURES.items():
            page = browser.new_page(base_url=address, viewport={"width": 1280, "height": height})
            if who is not None:
                _sign_in(page, who)
            page.goto(path)
            if name == "case":
                page.locator(".cases li").first.get_by_role("link").first.click()
                page.get_by_role("button", name="Claim").click()
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
