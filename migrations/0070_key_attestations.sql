-- What a phone is asked before it is activated, with which its hardware vouches for its key. Whoever asks need not name an application
-- that there is: the answer is the same, so nothing is referred to.
create table attestation_challenge (
  -- Their order, however the clock goes.
  number bigint generated always as identity,
  challenge bytea primary key check (octet_length(challenge) = 32),
  nonce bytea not null check (octet_length(nonce) = 32),
  application_id uuid not null,
  expires_at timestamptz not null
);
create index attestation_challenge_by_application on attestation_challenge (application_id);
create index attestation_challenge_by_expiry on attestation_challenge (expires_at);

-- What came with an activation: sealed (AES-256-GCM) under a key that this database does not have, its hash, and what the
-- registration authority found of it. What the CA found stands in its intent.
create table key_attestation (
  activation_id uuid primary key references activation (id),
  format text not null check (format in ('android-key', 'apple-appattest')),
  sha256 bytea not null check (octet_length(sha256) = 32),
  key_id text not null check (key_id ~ '^[a-z0-9-]{1,40}$'),
  sealed bytea not null check (octet_length(sealed) between 29 and 131072),
  hardware text check (hardware in ('trusted-environment', 'strongbox', 'secure-enclave')),
  fault text check (fault ~ '^[a-z-]{1,60}$'),
  judged_at timestamptz not null,
  check (num_nulls(hardware, fault) = 1)
);
create trigger key_attestation_append_only before update or delete on key_attestation
  for each row execute function refuse_change();
create trigger key_attestation_not_emptied before truncate on key_attestation
  for each statement execute function refuse_change();

-- The CA's own verdict, before it signs: the certificate names the policy of phone hardware exactly when it says which.
alter table issuance_intent
  add column attestation_sha256 bytea check (octet_length(attestation_sha256) = 32),
  add column key_hardware text check (key_hardware in ('trusted-environment', 'strongbox', 'secure-enclave')),
  add column attestation_fault text check (attestation_fault ~ '^[a-z-]{1,60}$'),
  add constraint issuance_intent_attestation check (
    num_nulls(key_hardware, attestation_fault) = case when attestation_sha256 is null then 2 else 1 end);
