"""HTML door: what each module of pages adds to the one blueprint."""

from __future__ import annotations

from consult.accounts import account_pages, entry_pages, member_pages, organisation_pages, people_pages
from consult.accounts.door import blueprint

DOORS = (account_pages, entry_pages, member_pages, organisation_pages, people_pages)
blueprints = [blueprint]
