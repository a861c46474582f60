-- The whole life of an application: drafts before it is filed, activation, receipt and expiry after it is approved.
alter table application
  drop constraint application_state_check,
  drop constraint application_check,
  add constraint application_state check (state in
    ('submitted', 'approved', 'rejected', 'withdrawn', 'activation', 'issued', 'accepted', 'expired')),
  -- Four eyes in the schema too: whoever filed a case never decides it in the applicant's favour.
  add constraint application_four_eyes check (state not in ('approved', 'activation', 'issued', 'accepted', 'expired')
    or (decided_by is not null and decided_by <> filed_by)),
  -- The officer who has recorded the holder's receipt.
  add column accepted_by uuid references officer (id),
  add column accepted_at timestamptz,
  add constraint application_receipt check ((accepted_by is null) = (accepted_at is null)
    and (state = 'accepted') = (accepted_at is not null));
create index application_unaccepted on application (decided_at) where state = 'issued';

-- What a clerk has typed and not filed yet, whole or not. Forgotten when it is filed: the application says the same then.
create table application_draft (
  id uuid primary key,
  office_id uuid not null references office (id),
  state text not null check (state in ('draft', 'checked')),
  version integer not null,
  content jsonb not null,
  saved_by uuid not null references officer (id),
  saved_at timestamptz not null
);
create index application_draft_by_office on application_draft (office_id, id);

-- Forms that were sent with a key of their own: sent twice, they are one.
create table idempotency_key (
  officer_id uuid not null references officer (id),
  key text not null check (length(key) between 1 and 100),
  request_sha256 bytea not null check (octet_length(request_sha256) = 32),
  -- Of the application or draft that came of it.
  result_id uuid not null,
  created_at timestamptz not null,
  primary key (officer_id, key)
);
