"""Words for people who cannot read the code: what each predicate asks and what each setting says."""

from __future__ import annotations

# Each reads after "somebody who …"; the generator fails for a predicate that has none.
PREDICATES = {
    "is_anyone": "asks, signed in or not",
    "is_signed_in": "is signed in",
    "is_the_system": "is the system itself: a worker, or an operator at the command line",
    "is_moderator": "is a moderator or a senior moderator",
    "is_secretariat": "is of the secretariat",
    "is_auditor": "is an auditor",
    "is_administrator": "is an administrator",
    "may_write_for_bodies": "is no moderator and no auditor",
    "is_member": "is an approved member of the organisation it belongs to",
    "is_cosignatory": "is an approved member of an organisation asked to sign it that has not declined",
    "is_focal_point": "is a focal point of the organisation",
    "is_its_account": "owns the account",
    "holds_the_claim": "holds the claim on the case",
    "is_unrelated": "belongs to no organisation that filed or signs it",
    "sees_filed": "asks about something that was filed (a draft is its organisation's alone)",
    "sees_published": "asks about accepted input that its contributor lets the public read",
    "sees_announced": "asks about a published consultation",
}
# What a token must have been given; a person at the keyboard has every scope.
SCOPES = {
    "may_read": "read",
    "may_write": "write",
    "may_moderate": "moderate",
    "may_administer": "administer",
}

# name: (what stands when it is unset, what it says), in the order of the document.
SETTINGS = {
    "DATABASE_URL": ("PostgreSQL is started under `DATA_DIR`", "The database, PostgreSQL 14 or newer."),
    "REDIS_URL": ("Redis is started under `DATA_DIR`", "The queue."),
    "DATA_DIR": (
        "`var`",
        "The folder of whatever is embedded, of files and mail; relative to where it starts.",
    ),
    "SECRET_KEY": ("made once, kept in `DATA_DIR/secret_key`", "Signs sessions, forms and links in letters."),
    "BASE_URL": (
        "`http://HOST:PORT`",
        "The address under which readers come: written into letters; other names are refused.",
    ),
    "HOST": ("`127.0.0.1`", "The address the web server listens on."),
    "PORT": ("`8000`", "The port it listens on."),
    "WEB_PROCESSES": ("`2`", "Web server processes of `workers stack`."),
    "WORKERS": ("`1`", "Worker processes of `workers stack` for each queue."),
    "STORAGE_URL": (
        "`file://DATA_DIR/files`",
        "Where attachments and reports are kept: `file://…` or `s3://…`.",
    ),
    "SMTP_URL": (
        "letters are written to `DATA_DIR/mail`",
        "The mail server, `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…`.",
    ),
    "MAIL_FROM": ("`Consult <consult@localhost.localdomain>`", "The sender of letters."),
    "DEMO": ("`0`; `1` under `make run`", "Load the demonstration, and show written letters at `/dev/mail`."),
    "LOG_FORMAT": ("`console`", "How log lines look."),
}

BEYOND_SETTINGS = """Settings are read once, at the start, from the environment, and from a file `.env`
beneath it. Everything that is wrong is reported at once, and nothing starts. With an `https://` address
cookies are for https only.
"""
