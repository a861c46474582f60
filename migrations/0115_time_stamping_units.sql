-- Time-stamping units of the deployment: keys that RFC 3161 tokens are signed with, each with its certificate.
create table time_stamping_unit (
  authority_id text not null references authority (id),
  certificate bytea not null unique,
  -- In the key store of the process that stamps.
  key_reference text not null,
  not_before timestamptz not null,
  not_after timestamptz not null check (not_after > not_before)
);
create index time_stamping_unit_by_end on time_stamping_unit (not_after);
create trigger time_stamping_unit_append_only before update or delete on time_stamping_unit
  for each row execute function refuse_change();
create trigger time_stamping_unit_not_emptied before truncate on time_stamping_unit
  for each statement execute function refuse_change();
