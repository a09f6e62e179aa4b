"""What happens after filing and withdrawing: screening opens cases, withdrawal closes them."""

from __future__ import annotations

from consult.actor import SYSTEM
from consult.moderation import opening


def screen(*, version_ids: list[int]) -> None:
    """Screen filed versions and open a case for each; again is as good as once."""
    opening.open_cases(actor=SYSTEM, version_ids=version_ids)


def close_cases(*, submission_id: int) -> None:
    """Close the open cases of a withdrawn submission; again is as good as once."""
    opening.close_cases(actor=SYSTEM, submission_id=submission_id)
