"""What a person does with an account of their own: register, confirm, sign in, change, leave everywhere."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from consult.accounts import passwords
from consult.accounts.links import Purpose, seal, unseal
from consult.accounts.models import Account
from consult.accounts.queries import account_by_email
from consult.actor import PUBLIC, Actor
from consult.audit import record
from consult.config import Config
from consult.db import clock, session
from consult.errors import Forbidden, Invalid
from consult.i18n import gettext as _
from consult.mail import write_to
from consult.permissions import Can, require


def register(
    *, actor: Actor, name: str, email: str, password: str, language: str = "en", config: Config
) -> None:
    """Open an account that waits for its address to be confirmed.

    Whether the address was known already is told to its owner only, by letter: the caller sees one answer,
    after the same work. Records `account.registered`, sends `confirm_address` or `already_registered`. Raises
    Invalid for a weak password.
    """
    require(actor, Can.PROVE_IDENTITY)
    passwords.refuse_weak(password, email=email, name=name)
    password_hash = passwords.hashed(password, config.password_cost)
    facts = {"name": name, "password_hash": password_hash, "language": language}
    created = session.execute(
        insert(Account).values(email=email, **facts).on_conflict_do_nothing().returning(Account.id)
    ).scalar_one_or_none()
    person = _known(email)
    if person.email_confirmed_at or person.disabled_at:
        write_to(person, "already_registered")
        return
    if created is None:
        # Nobody has proved to own it yet: the last who tried may. The letter still goes to the owner alone,
        # and confirming asks for the password too.
        person.name, person.password_hash = name, password_hash
    else:
        record(actor, "account.registered", person)
    send_confirmation(person=person, config=config)


def send_confirmation(*, person: Account, config: Config) -> None:
    """Send the link that confirms an address. Whoever calls it has let the person prove something first."""
    write_to(person, "confirm_address", path=f"/confirm/{seal(config, Purpose.CONFIRM, person)}")


def confirm_email(*, actor: Actor, token: str, password: str, config: Config) -> Account:
    """Confirm an address by the link from the letter and the password given at registration.

    The password is asked for so that nobody's click finishes an account that somebody else began with their
    address. Records `account.confirmed`. Raises Missing for a spent link, Invalid for a wrong password.
    """
    require(actor, Can.PROVE_IDENTITY)
    person = unseal(config, Purpose.CONFIRM, token, lock=True)
    if not passwords.matches(person.password_hash, password, config.password_cost):
        raise Invalid(
            fields={
                "password": [_("This is not the password that was given when this address was registered.")]
            }
        )
    person.email_confirmed_at = clock()
    record(themselves(person), "account.confirmed", person)
    return person


def sign_in(*, actor: Actor, email: str, password: str, config: Config) -> Account:
    """The account behind an address and a password; no session may begin before `email_confirmed_at` is set.

    Costs the same for an unknown address. Renews a hash that was made with other parameters, sends
    `confirm_address` again where the address waits for it, records `account.signed_in`. Raises Invalid.
    """
    require(actor, Can.PROVE_IDENTITY)
    person = account_by_email(email)
    kept = None if person is None or person.disabled_at else person.password_hash
    if not passwords.matches(kept, password, config.password_cost) or person is None:
        raise Invalid(_("The address or the password is wrong."))
    if passwords.is_outdated(person.password_hash or "", config.password_cost):
        person.password_hash = passwords.hashed(password, config.password_cost)
    if person.email_confirmed_at is None:
        send_confirmation(person=person, config=config)
    else:
        record(themselves(person), "account.signed_in", person)
    return person


def request_password_reset(*, actor: Actor, email: str, config: Config) -> None:
    """Send `password_reset` with a link, where there is such an account; say nothing of it to the caller."""
    require(actor, Can.PROVE_IDENTITY)
    person = account_by_email(email)
    if person is None or person.disabled_at:
        return
    record(PUBLIC, "account.reset_requested", person)
    write_to(person, "password_reset", path=f"/reset/{seal(config, Purpose.RESET, person)}")


def reset_password(*, actor: Actor, token: str, password: str, config: Config) -> Account:
    """Set a new password by the link from a letter, which proves the address too; end every session.

    Records `account.password_changed`, sends `password_changed`. Raises Missing for a spent link, Invalid for
    a weak password.
    """
    require(actor, Can.PROVE_IDENTITY)
    person = unseal(config, Purpose.RESET, token, lock=True)
    _set_password(person, password, "password", config)
    person.email_confirmed_at = person.email_confirmed_at or clock()
    return person


def change_password(*, actor: Actor, person: Account, current: str, new: str, config: Config) -> Account:
    """Set a new password over the current one; end every session, this one too (the door begins another).

    Records `account.password_changed`, sends `password_changed`. Raises Invalid.
    """
    require(actor, Can.MANAGE_ACCOUNT, person)
    if not passwords.matches(person.password_hash, current, config.password_cost):
        raise Invalid(fields={"current": [_("This is not your password.")]})
    _set_password(person, new, "new", config)
    return person


def change_profile(*, actor: Actor, person: Account, name: str, language: str) -> Account:
    """Change the name others see and the language of pages and letters. Records `account.profile_changed`."""
    require(actor, Can.MANAGE_ACCOUNT, person)
    if (person.name, person.language) != (name, language):
        person.name, person.language = name, language
        record(actor, "account.profile_changed", person)
    return person


def sign_out_everywhere(*, actor: Actor, person: Account) -> None:
    """End every session of the account. Tokens stay. Records `account.signed_out_everywhere`."""
    require(actor, Can.MANAGE_ACCOUNT, person)
    person.session_epoch += 1
    record(actor, "account.signed_out_everywhere", person)


def themselves(person: Account) -> Actor:
    """The actor of an act by which a person first shows who they are."""
    return Actor(account_id=person.id, name=person.name, email=person.email, role=person.role)


def _set_password(person: Account, password: str, field: str, config: Config) -> None:
    passwords.refuse_weak(password, email=person.email, name=person.name, field=field)
    person.password_hash = passwords.hashed(password, config.password_cost)
    person.session_epoch += 1
    record(themselves(person), "account.password_changed", person)
    write_to(person, "password_changed")


def _known(email: str) -> Account:
    person = account_by_email(email)
    if person is None:  # pragma: no cover - the row was there, or was written, a statement ago
        raise Forbidden
    return person
