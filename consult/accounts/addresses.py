"""E-mail addresses: well formed, in one spelling; nobody is asked over the network."""

from __future__ import annotations

import email_validator

from consult.i18n import gettext as _

# A laptop's own mail is an address too; `.example` and `.test` serve demonstrations.
if "localhost" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("localhost")


def normal_address(text: str) -> str:
    """The address in its usual spelling. Raises ValueError, with a sentence, for what is none."""
    try:
        found = email_validator.validate_email(
            text.strip(), check_deliverability=False, test_environment=True, globally_deliverable=False
        )
    except email_validator.EmailNotValidError as fault:
        raise ValueError(_("This is not an e-mail address: %(why)s", why=str(fault))) from fault
    return found.normalized
