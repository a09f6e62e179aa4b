"""Queues, time limits and retries: a table of what each kind of promise needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Handling:
    """How one kind of promise is kept.

    `handler` is the dotted path of a function that takes the promise's arguments; `seconds` its time limit.
    It runs inside the transaction that marks the promise done, unless `own_transaction` says that it commits
    steps of its own and can be run again from anywhere. `wants_id` passes `promise_id` too. `private`
    arguments are forgotten once the promise is kept.
    """

    handler: str
    queue: str
    seconds: int
    own_transaction: bool = False
    wants_id: bool = False
    private: bool = False


# One queue a worker process: a worker on several queues lost jobs when it was killed (BLPOP, not BLMOVE).
# Letters have their own, so that one to everybody does not keep a submission from being screened.
PROMPT, MAIL, SLOW = "prompt", "mail", "slow"
QUEUES = (PROMPT, MAIL, SLOW)

HANDLERS: dict[str, Handling] = {
    "mail": Handling("workers.letters.deliver", MAIL, 60, wants_id=True, private=True),
    "screen": Handling("consult.moderation.jobs.screen", PROMPT, 180),
    "close_cases": Handling("consult.moderation.jobs.close_cases", PROMPT, 60),
    "announce_deadline": Handling("consult.submissions.jobs.announce_deadline", PROMPT, 300),
    "build_report": Handling("consult.aggregation.jobs.build_report", SLOW, 1800, own_transaction=True),
    "forget_old_keys": Handling("consult.web.idempotency.forget_old_keys", PROMPT, 60),
    "forget_kept_promises": Handling("workers.keeping.forget_kept_promises", PROMPT, 60),
}
