"""What the examination of an uploaded file concludes: its kind, or the plain reason why it is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

FactValue = str | int


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The conclusion about one file.

    `kind` is what the content is (`pdf`, `docx`, …), None where unknown; `filename` is safe and ends in the
    extension of that kind; `size` is in bytes; `reason` is the slug of a refusal, `facts` fill its sentence.
    """

    accepted: bool
    filename: str
    size: int
    kind: str | None = None
    media_type: str | None = None
    reason: str | None = None
    facts: dict[str, FactValue] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The refusal in plain words, in the language of the request; empty when accepted."""
        # The confined process reaches a verdict without words: message catalogues would slow its start.
        from consult.submissions.intake.refusals import explain

        return explain(self.reason, self.facts) if self.reason else ""


class RefusedError(Exception):
    """Ends an examination; becomes a FileVerdict, never reaches a caller of this package."""

    def __init__(self, reason: str, **facts: FactValue) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts
