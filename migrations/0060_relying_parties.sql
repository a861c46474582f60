-- Who may ask for signatures: prescription systems and insurers. What the phone shows of them is what the CA has entered.
create table relying_party (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{1,39}$'),
  displayed_name text not null check (length(displayed_name) between 1 and 80),
  -- Whether the phone shows the patient's numbers and names whole.
  patient_view text not null check (patient_view in ('masked', 'whole')),
  -- Whole addresses: a session names one of them, or none.
  callback_urls text[] not null check (cardinality(callback_urls) <= 10),
  -- Counts the changes, so that two operators cannot change different pages.
  version integer not null check (version >= 1),
  registered_at timestamptz not null,
  disabled_at timestamptz
);

-- By what they are known: public keys for private_key_jwt, certificates for mutual TLS. Two of each at a time, so that one can
-- follow the other; removed ones stay as a record.
create table relying_party_credential (
  relying_party_id text not null references relying_party (id),
  kind text not null check (kind in ('jwk', 'certificate')),
  -- The thumbprint of the key (RFC 7638), or SHA-256 of the certificate: hexadecimal, base64url.
  key_id text not null check (key_id ~ '^[A-Za-z0-9_-]{43,64}$'),
  jwk jsonb,
  not_after timestamptz,
  added_at timestamptz not null,
  removed_at timestamptz,
  primary key (relying_party_id, kind, key_id),
  check ((kind = 'jwk') = (jwk is not null) and (kind = 'certificate') = (not_after is not null))
);
-- One key is one party's.
create unique index relying_party_credential_in_force on relying_party_credential (kind, key_id) where removed_at is null;

-- Assertions that were used, until they would be refused for their age anyway.
create table client_assertion (
  relying_party_id text not null references relying_party (id),
  jti_sha256 bytea not null check (octet_length(jti_sha256) = 32),
  expires_at timestamptz not null,
  primary key (relying_party_id, jti_sha256)
);
create index client_assertion_expired on client_assertion (expires_at);

create table relying_party_token (
  token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
  relying_party_id text not null references relying_party (id),
  expires_at timestamptz not null
);
create index relying_party_token_expired on relying_party_token (expires_at);
