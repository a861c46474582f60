-- The service's own keys beside those of authorities and responders: RFC 3161 tokens are signed with them, and reports sealed. Each
-- has its certificate.
create table service_unit (
  purpose text not null check (purpose in ('time-stamping', 'seal')),
  authority_id text not null references authority (id),
  certificate bytea not null unique,
  -- In the key store of the process that uses it.
  key_reference text not null,
  not_before timestamptz not null,
  not_after timestamptz not null check (not_after > not_before)
);
create index service_unit_by_end on service_unit (purpose, not_after);
create trigger service_unit_append_only before update or delete on service_unit
  for each row execute function refuse_change();
create trigger service_unit_not_emptied before truncate on service_unit
  for each statement execute function refuse_change();
