"""What tests of accounts share: the letters that were promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import session
from consult.outbox import Promise

Letters = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def letters(app: Flask) -> Letters:
    """`letters()`: `{to, subject, body}` of every letter promised in this test, oldest first."""

    def promised() -> list[dict[str, Any]]:
        wanted = select(Promise).where(Promise.kind == "mail").order_by(Promise.id)
        return [row.args for row in session.scalars(wanted)]

    return promised
