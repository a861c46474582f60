-- Public keys that are known to be compromised; nothing is issued for them.
create table blocked_key (
  spki_sha256 bytea primary key check (octet_length(spki_sha256) = 32),
  reason text not null,
  blocked_at timestamptz not null
);
