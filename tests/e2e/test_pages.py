"""Every page of every person: accessible, light, within the screen, from our host alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.e2e.conftest import SignedIn, nothing_foreign

pytestmark = pytest.mark.browser

HEAVIEST = 60_000
OPEN, CLOSED = "/consultations/towards-the-2030-forum", "/consultations/six-themes-revisited"

PAGES: dict[str | None, list[str]] = {
    None: [
        "/",
        OPEN,
        CLOSED,
        f"{CLOSED}/inputs",
        f"{CLOSED}/inputs?q=health",
        f"{CLOSED}/coverage",
        f"{CLOSED}/coverage?rows=objective&columns=region",
        "/instruments/gcm",
        "/sign-in",
        "/register",
        "/reset",
        "/rules",
        "/receipts",
        "/problems",
        "/language",
        "/dev/mail",
        "/api/v1/docs",
        "/api/v1/docs/schemas",
        "/organisations/1",
        "/nowhere",
    ],
    "contributor@example-foundation.example": [
        "/submissions",
        f"{OPEN}/submissions/new",
        "/account",
        "/account/tokens",
        "/organisations",
        "/organisations/new",
        "/organisations/1",
    ],
    "focal.point@example-foundation.example": ["/organisations/1", "/organisations/1/edit"],
    "moderator.one@consult.example": ["/moderation", "/moderation/cases/1", "/moderation/cases/60"],
    "senior.moderator.one@consult.example": ["/moderation"],
    "secretariat.one@consult.example": [
        "/secretariat",
        "/consultations/new",
        f"{OPEN}/edit",
        f"{OPEN}/coverage",
        f"{CLOSED}/summary",
        f"{CLOSED}/reports",
        "/organisations",
        "/organisations/1",
        "/audit",
    ],
    "administrator@consult.example": ["/people"],
}


@pytest.mark.parametrize("person", PAGES, ids=lambda person: person or "the public")
def test_pages_are_accessible_light_and_within_the_screen(
    page_of: SignedIn, site: str, person: str | None
) -> None:
    page, faults = page_of(person, width=360), []
    # Routing switches the browser's cache off: each page is weighed as a first visit.
    page.route("**/*", lambda route: route.continue_())
    for path in PAGES[person]:
        weight = 0

        def weigh(answer: Response) -> None:
            nonlocal weight
            if answer.request.resource_type != "other":
                weight += len(answer.body()) if answer.status == 200 else 0

        page.on("response", weigh)
        with nothing_foreign(page, site):
            page.goto(path)
        page.remove_listener("response", weigh)
        if weight > HEAVIEST:
            faults.append(f"{path}: {weight} bytes")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{path}: wider than 360 px")
        faults += [f"{path}: {fault}" for fault in serious(page)]
    assert faults == []


def serious(page: Page) -> list[str]:
    """axe's serious and critical violations, each with the first place where it was found."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} at {violation['nodes'][0]['target']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
