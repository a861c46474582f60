-- Registration authority offices, their officers, and how officers sign in.
create table office (
  id uuid primary key,
  kind text not null check (kind in ('medical-council', 'e-government-counter', 'notary')),
  name text not null,
  created_at timestamptz not null
);

create table officer (
  id uuid primary key,
  office_id uuid not null references office (id),
  name text not null,
  roles text[] not null check (cardinality(roles) > 0),
  created_at timestamptz not null
);

-- Links and sessions are known by the SHA-256 of their secret: reading this table signs nobody in.
create table login_link (
  secret_sha256 bytea primary key check (octet_length(secret_sha256) = 32),
  officer_id uuid not null references officer (id),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table officer_session (
  secret_sha256 bytea primary key check (octet_length(secret_sha256) = 32),
  officer_id uuid not null references officer (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
