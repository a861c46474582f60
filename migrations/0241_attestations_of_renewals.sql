-- A phone that renews has its new key attested for the certificate that is renewed: `certificate:<CA>/<serial number>`. Whoever asks need
-- not name a certificate that there is.
alter table attestation_challenge
  alter column application_id drop not null,
  add column subject text check (subject ~ '^certificate:[a-z][a-z0-9-]{0,40}/[0-9a-f]{16,40}$'),
  add constraint attestation_challenge_for check (num_nonnulls(application_id, subject) = 1);
create index attestation_challenge_by_subject on attestation_challenge (subject) where subject is not null;

-- What came with a renewal, as key_attestation has what came with an activation.
create table renewal_attestation (
  renewal_id uuid primary key references renewal (id),
  format text not null check (format in ('android-key', 'apple-appattest')),
  sha256 bytea not null check (octet_length(sha256) = 32),
  key_id text not null check (key_id ~ '^[a-z0-9-]{1,40}$'),
  sealed bytea not null check (octet_length(sealed) between 29 and 131072),
  hardware text check (hardware in ('trusted-environment', 'strongbox', 'secure-enclave')),
  fault text check (fault ~ '^[a-z-]{1,60}$'),
  judged_at timestamptz not null,
  check (num_nulls(hardware, fault) = 1)
);
create trigger renewal_attestation_append_only before update or delete on renewal_attestation
  for each row execute function refuse_change();
create trigger renewal_attestation_not_emptied before truncate on renewal_attestation
  for each statement execute function refuse_change();

insert into database_grant (role_name, table_name, privilege, columns) values
  ('mohr_ra', 'renewal_attestation', 'select', null),
  ('mohr_ra', 'renewal_attestation', 'insert', null),
  ('mohr_audit', 'renewal_attestation', 'select', null);
select apply_database_grants();
