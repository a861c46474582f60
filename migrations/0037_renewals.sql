-- Renewals that a holder asked for with a signature by the certificate that is being renewed. The new certificate has the origin
-- `renewal:<id>` and belongs to the application on which the person was seen.
create table renewal (
  id uuid primary key,
  application_id uuid not null references application (id),
  profile_id text not null,
  authority_id text not null references authority (id),
  -- The certificate that signs, and is renewed.
  replaces_authority_id text not null,
  replaces_serial_number bytea not null,
  -- The canonical JSON that was signed, the signature (CMS), and the new key.
  document bytea not null check (octet_length(document) <= 65536),
  signature bytea not null check (octet_length(signature) <= 131072),
  spki bytea not null,
  spki_sha256 bytea not null unique check (octet_length(spki_sha256) = 32),
  requested_at timestamptz not null,
  foreign key (replaces_authority_id, replaces_serial_number) references certificate (authority_id, serial_number)
);
create index renewal_by_application on renewal (application_id);
create trigger renewal_append_only before update or delete on renewal
  for each row execute function refuse_change();
create trigger renewal_not_emptied before truncate on renewal
  for each statement execute function refuse_change();

-- That the holder has the new one and wants the old one gone, signed with the new one.
create table renewal_acceptance (
  renewal_id uuid primary key references renewal (id),
  document bytea not null check (octet_length(document) <= 65536),
  signature bytea not null check (octet_length(signature) <= 131072),
  accepted_at timestamptz not null
);
create trigger renewal_acceptance_append_only before update or delete on renewal_acceptance
  for each row execute function refuse_change();
create trigger renewal_acceptance_not_emptied before truncate on renewal_acceptance
  for each statement execute function refuse_change();
