-- What holders prove themselves with when they block their card or phone. Secrets are slow hashes (scrypt) with a salt each.
create table revocation_password (
  holder_id uuid primary key references holder (id),
  salt bytea not null check (octet_length(salt) = 16),
  hash bytea not null check (octet_length(hash) = 32),
  set_at timestamptz not null
);

create table self_service_code (
  id uuid primary key,
  holder_id uuid not null references holder (id),
  purpose text not null check (purpose in ('block', 'set-password')),
  salt bytea not null check (octet_length(salt) = 16),
  hash bytea not null check (octet_length(hash) = 32),
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index self_service_code_by_holder on self_service_code (holder_id, purpose) where used_at is null;

-- Tries by what was claimed, whether or not the person exists, so that the answer tells nobody which it was.
create table self_service_try (
  subject_sha256 bytea not null check (octet_length(subject_sha256) = 32),
  kind text not null check (kind in ('secret', 'code-request')),
  tries integer not null check (tries > 0),
  window_ends_at timestamptz not null,
  primary key (subject_sha256, kind)
);
create index self_service_try_over on self_service_try (window_ends_at);
