-- Applications for a certificate. `version` counts the changes, so that two officers cannot decide on different pages.
create table application (
  id uuid primary key,
  office_id uuid not null references office (id),
  state text not null check (state in ('submitted', 'approved', 'rejected', 'withdrawn', 'issued')),
  version integer not null,
  profile_id text not null,
  authority_id text not null references authority (id),
  national_id text not null check (national_id ~ '^[0-9]{10}$'),
  given_name text not null,
  surname text not null,
  latin_name text not null,
  council_group text not null,
  council_digits text not null check (council_digits ~ '^[0-9]{1,10}$'),
  certification_request bytea not null,
  spki bytea not null,
  spki_sha256 bytea not null check (octet_length(spki_sha256) = 32),
  search_key text not null,
  filed_by uuid not null references officer (id),
  filed_at timestamptz not null,
  decided_by uuid references officer (id),
  decided_at timestamptz,
  decision_note text,
  -- Four eyes in the schema too: whoever filed a case never decides it in the applicant's favour.
  check (state not in ('approved', 'issued') or (decided_by is not null and decided_by <> filed_by)),
  check ((decided_by is null) = (decided_at is null))
);
-- A key stands in one living application only; rejected and withdrawn ones let it go.
create unique index application_key_once on application (spki_sha256) where state not in ('rejected', 'withdrawn');
create index application_by_office on application (office_id, id);
create index application_by_national_id on application (national_id);
create index application_by_council_number on application (council_group, council_digits);
create index application_waiting on application (id) where state = 'approved';
