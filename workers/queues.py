"""Queues, time limits and retries: a table of what each kind of promise needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Handling:
    """How one kind of promise is kept: by which function, on which queue, within how many seconds."""

    handler: str
    queue: str
    seconds: int
    tries: int = 8


# One queue a worker process: a worker on several queues lost jobs when it was killed (BLPOP, not BLMOVE).
PROMPT, SLOW = "prompt", "slow"
QUEUES = (PROMPT, SLOW)

HANDLERS: dict[str, Handling] = {
    "mail": Handling("workers.letters.deliver", PROMPT, 60),
    "screen": Handling("consult.moderation.jobs.screen", PROMPT, 120),
    "announce_deadline": Handling("consult.submissions.jobs.announce_deadline", PROMPT, 300),
    "build_report": Handling("consult.aggregation.jobs.build_report", SLOW, 1800, tries=3),
    "forget_keys": Handling("consult.web.idempotency.forget_old_keys", PROMPT, 60),
}
