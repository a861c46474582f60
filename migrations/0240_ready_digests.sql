-- Relying parties that may hand in digests which they have made by themselves: an operator says which.
alter table relying_party add column may_hand_in_digests boolean not null default false;

-- Keys on phones that have shown that they sign such a digest. It stays so: what a key has signed does not go away.
create table digest_signer (
  authority_id text not null,
  serial_number bytea not null,
  proved_at timestamptz not null,
  primary key (authority_id, serial_number),
  foreign key (authority_id, serial_number) references certificate (authority_id, serial_number)
);
create trigger digest_signer_append_only before update or delete on digest_signer
  for each row execute function refuse_change();
create trigger digest_signer_not_emptied before truncate on digest_signer
  for each statement execute function refuse_change();

-- Every digest that was signed so, written with the signature: what it is the digest of nobody here knows, so it is never taken for
-- what a holder says to this service, nor for the signature of a document that was shown.
create table handed_in_digest (
  authority_id text not null,
  serial_number bytea not null,
  digest bytea not null check (octet_length(digest) = 32),
  session_id uuid not null references signature_session (id),
  primary key (authority_id, serial_number, digest),
  foreign key (authority_id, serial_number) references digest_signer (authority_id, serial_number)
);
create trigger handed_in_digest_append_only before update or delete on handed_in_digest
  for each row execute function refuse_change();
create trigger handed_in_digest_not_emptied before truncate on handed_in_digest
  for each statement execute function refuse_change();

-- Their sessions are for a holder who was named.
alter table signature_session drop constraint signature_session_format_check;
alter table signature_session add constraint signature_session_format_check
  check (format in ('cades', 'jades', 'pades', 'raw') and (format <> 'raw' or authority_id is not null));

insert into schema_requirement (migration, reason) values
  ('0240_ready_digests', 'a signature over a digest that was handed in would be taken for the word of its holder');

insert into database_grant (role_name, table_name, privilege, columns) values
  ('mohr_ra', 'digest_signer', 'select', null),
  ('mohr_ra', 'digest_signer', 'insert', null),
  ('mohr_ra', 'handed_in_digest', 'select', null),
  ('mohr_ra', 'handed_in_digest', 'insert', null),
  ('mohr_ca', 'digest_signer', 'select', null),
  ('mohr_ca', 'handed_in_digest', 'select', null),
  ('mohr_audit', 'digest_signer', 'select', null),
  ('mohr_audit', 'handed_in_digest', 'select', null);
select apply_database_grants();
