"""The balance of a consultation: what was filed, and where each submission stands."""

from __future__ import annotations

from typing import NamedTuple


class Counts(NamedTuple):
    """Submissions by their fate at one moment; `filed` is what must come out."""

    filed: int
    accepted: int
    returned: int
    rejected: int
    withdrawn: int
    waiting: int

    def balanced(self) -> Counts:
        """These counts, once they add up. Raises ValueError if a submission is missing or counted twice."""
        total = self.accepted + self.returned + self.rejected + self.withdrawn + self.waiting
        if min(self) < 0 or self.filed != total:
            raise ValueError(f"the counts do not add up: {self}, sum {total}")
        return self
