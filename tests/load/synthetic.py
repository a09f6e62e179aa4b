"""Rows by the hundred thousand, made inside the database, in the shape that filing and moderation leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from consult.submissions.search import CONFIGURATIONS
from consult.vocabulary import Region, StakeholderGroup

AREAS = 6
WORDS = 40  # a paragraph
VOCABULARY = 5_000

# Made-up words, the first ones frequent as in any language; letters, so that stemmers take them for words.
_TEXT = """(select string_agg('k' ||
    translate((power(random(), 4) * :vocabulary)::int::text, '0123456789', 'abcdefghij'), ' ')
  from generate_series(1, :words) where %s is not null)"""

_ORGANISATIONS = """
insert into organisation (name, stakeholder_group, country, region, state, name_key)
select 'Synthetic body ' || :slug || n, (:groups::text[])[1 + n %% :group_count],
  (array['CHE','KEN','FRA','MEX','PHL','JOR','SEN','BRA','NPL','CAN'])[1 + n %% 10],
  (:regions::text[])[1 + n %% :region_count], 'confirmed', 'synthetic body ' || :slug || n
from generate_series(1, :organisations) n
"""

_CONSULTATION = """
insert into consultation (slug, instrument, title, languages, opens_at, closes_at, published_at)
values (:slug, 'gcm', 'Synthetic consultation ' || :slug, array['ar','zh','en','fr','ru','es'],
  now() - interval '300 days', now() + interval '30 days', now() - interval '300 days') returning id
"""

_THEMES = """
insert into thematic_area (consultation_id, code, title, position, objectives, word_limit)
select :consultation, 'rt' || n, 'Round table ' || n, n, array[n, n + 6, n + 12], 500
from generate_series(1, :areas) n
"""

_SUBMISSIONS = """
insert into submission (consultation_id, organisation_id, title, language, publication, state, version,
  revision, source, received_at, decided_at, created_at, edited_at)
select :consultation, :first_body + n %% :bodies, 'Synthetic input ' || n,
  (array['en','en','en','en','en','en','en','fr','es','ru'])[1 + (random() * 9)::int],
  case when :protected and n %% 20 = 0 then 'anonymous' when :protected and n %% 33 = 0 then 'restricted'
    else 'public' end,
  :state, 1, 2, 'api', at, case when :state = 'accepted' then at end, at, at
from (select n, now() - random() * interval '300 days' as at from generate_series(1, :inputs) n) as made
"""

_VERSIONS = """
insert into version (submission_id, number, title, language, publication, canonical, sha256, text_fingerprint,
  received_at, late, areas)
select id, 1, title, language, publication, '', encode(sha256(id::text::bytea), 'hex'), 'f' || id,
  received_at, false,
  case when id %% 2 = 0 then array[:first_area + id %% :areas]
    else array[:first_area + id %% :areas, :first_area + (id + 1) %% :areas] end
from submission where consultation_id = :consultation
"""

_BY_LANGUAGE = " ".join(f"when '{tag}' then '{name}'" for tag, name in CONFIGURATIONS.items())
_PARAGRAPHS = f"""
insert into paragraph (version_id, area_id, number, text, disclosed_text, sha256, words, search)
select version_id, area_id, number, words, words, repeat('0', 64), :words,
  case when :searchable then to_tsvector(configuration, words) end
from (
  select v.id as version_id, a.area as area_id, a.number, {_TEXT % "v.id + a.area"} as words,
    (case v.language {_BY_LANGUAGE} else 'simple' end)::regconfig as configuration
  from version v join submission s on s.id = v.submission_id,
    unnest(v.areas) with ordinality as a (area, number)
  where s.consultation_id = :consultation
) as made
"""

_CASES = """
insert into moderation_case (version_id, submission_id, consultation_id, organisation_id, language,
  stakeholder_group, areas, stage, due_at, fair_at)
select v.id, s.id, s.consultation_id, s.organisation_id, s.language, o.stakeholder_group,
  array['rt1'], 'first', s.received_at + interval '10 days', s.received_at + interval '10 days'
from submission s join version v on v.submission_id = s.id join organisation o on o.id = s.organisation_id
where s.consultation_id = :consultation and s.state = 'in_moderation'
"""


@dataclass(frozen=True)
class Made:
    """One synthetic consultation."""

    id: int
    slug: str
    first_body: int
    bodies: int


def fill(
    connection: psycopg.Connection,
    slug: str,
    *,
    inputs: int,
    organisations: int,
    state: str = "accepted",
    texts: bool = True,
    protected: bool = True,
) -> Made:
    """Make a consultation with `inputs` filed submissions of as many organisations as are told.

    With `texts` each has a paragraph of WORDS words under each of its one or two areas, found by search when
    accepted; those in moderation get a waiting case. `protected`: some are anonymous or restricted. The
    connection must be a superuser's, in autocommit: constraints are not checked row by row.
    """
    connection.execute("set session_replication_role = replica")
    number = _one(connection, _CONSULTATION, slug=slug)
    _run(connection, _THEMES, consultation=number, areas=AREAS)
    first_area = _one(connection, "select min(id) from thematic_area where consultation_id = :c", c=number)
    _run(
        connection,
        _ORGANISATIONS,
        slug=slug,
        organisations=organisations,
        groups=[str(group) for group in StakeholderGroup],
        group_count=len(StakeholderGroup),
        regions=[str(region) for region in Region],
        region_count=len(Region),
    )
    first_body = _one(connection, "select max(id) - :n + 1 from organisation", n=organisations)
    facts = {
        "consultation": number,
        "first_body": first_body,
        "bodies": organisations,
        "first_area": first_area,
    }
    _run(connection, _SUBMISSIONS, **facts, inputs=inputs, state=state, protected=protected)
    _run(connection, _VERSIONS, **facts, areas=AREAS)
    if texts:
        searchable = state == "accepted"
        _paragraphs(
            connection, consultation=number, words=WORDS, vocabulary=VOCABULARY, searchable=searchable
        )
    if state == "in_moderation":
        _run(connection, _CASES, **facts)
    connection.execute("vacuum analyze")
    # What was made is written out now, not while something is measured.
    connection.execute("checkpoint")
    return Made(number, slug, first_body, organisations)


def _paragraphs(connection: psycopg.Connection, **facts: Any) -> None:
    """With the index of search made afterwards: that is many times faster, and gives the same index."""
    index = _one(connection, "select indexdef from pg_indexes where indexname = 'ix_paragraph_search'")
    connection.execute("drop index ix_paragraph_search")
    _run(connection, _PARAGRAPHS, **facts)
    connection.execute("set maintenance_work_mem = '512MB'")
    connection.execute(index.encode())


def _run(connection: psycopg.Connection, statement: str, **facts: Any) -> psycopg.Cursor:
    """Run a statement with `:name` placeholders; facts that it does not name are left out."""
    for name in sorted(facts, key=len, reverse=True):
        statement = statement.replace(f":{name}", f"%({name})s")
    # Bound on this side: the server cannot guess the types of a generated row.
    return psycopg.ClientCursor(connection).execute(statement.encode(), facts)


def _one(connection: psycopg.Connection, statement: str, **facts: Any) -> Any:
    row = _run(connection, statement, **facts).fetchone()
    assert row
    return row[0]
