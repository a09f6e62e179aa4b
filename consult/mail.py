"""Messages to people: rendered beside the act that caused them, delivered after the commit."""

from __future__ import annotations

import re
import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from consult.config import Config
from consult.i18n import gettext, ngettext, speaking
from consult.outbox import promise

SMTP_TIMEOUT = 20


class Recipient(Protocol):
    """Whoever has an address and a language (an Account)."""

    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...


@cache
def _letters() -> Environment:
    letters = Environment(
        loader=PackageLoader("consult", "templates/mail"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - letters are plain text; nothing renders them as HTML
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    letters.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return letters


def write_to(recipient: Recipient, letter: str, **facts: Any) -> None:
    """Promise a letter in the recipient's language.

    `letter` names `templates/mail/<letter>.txt`, whose first line is the subject. Addresses in letters are
    paths: the base URL is put in front of them at delivery (`{{ link("/submissions/S-0001") }}`).
    """
    with speaking(recipient.language):
        text = _letters().get_template(f"{letter}.txt").render(recipient=recipient, link=_link, **facts)
    subject, _, body = text.lstrip().partition("\n")
    promise("mail", to=recipient.email, subject=_one_line(subject), body=body.strip() + "\n")


def _link(path: str) -> str:
    return "{BASE_URL}" + path


def _one_line(subject: str) -> str:
    """Header injection ends here: no line break survives in a subject."""
    return re.sub(r"\s+", " ", subject.removeprefix("Subject:")).strip()


def deliver(config: Config, message_id: int, to: str, subject: str, body: str) -> None:
    """Send one message, or write it to `data_dir/mail` where no SMTP server is set.

    The file is named by the promise's id, so that a second delivery of the same promise overwrites itself.
    Raises smtplib.SMTPException or OSError; the promise is then tried again.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = config.mail_from, to, subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{message_id}@{urlsplit(config.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.replace("{BASE_URL}", config.base_url))
    if config.smtp_url:
        _send(config.smtp_url, message)
    else:
        folder = config.data_dir / "mail"
        # Letters are personal: nobody else on the machine reads them.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = folder / f".{message_id}"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(folder / f"{message_id:09d}.eml")


def _send(smtp_url: str, message: EmailMessage) -> None:
    parts = urlsplit(smtp_url)
    secure = parts.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with kind(parts.hostname or "", parts.port or (465 if secure else 25), timeout=SMTP_TIMEOUT) as server:
        if not secure and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def written_messages(data_dir: Path, limit: int = 40) -> list[Path]:
    """The newest messages written to disk, newest first (for `/dev/mail`)."""
    return sorted((data_dir / "mail").glob("*.eml"), reverse=True)[:limit]
