-- Certification authorities of the deployment, the offline root among them, and their OCSP responders.
create table authority (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,40}$'),
  issuer_id text references authority (id),
  assurance_level smallint not null check (assurance_level between 0 and 4),
  certificate bytea not null unique,
  -- Where the key is (`file:…`, `pkcs11:…`); null when it is not in this deployment, as an offline root's is not.
  key_reference text,
  crl_shards smallint not null check (crl_shards between 1 and 256),
  created_at timestamptz not null
);

create table ocsp_responder (
  authority_id text not null references authority (id),
  certificate bytea not null unique,
  key_reference text not null,
  not_before timestamptz not null,
  not_after timestamptz not null
);
create index ocsp_responder_by_authority on ocsp_responder (authority_id, not_after);

-- Rows of an append-only table are never changed or removed: this trigger function refuses it for whoever asks.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %: this table is append-only', tg_op, tg_table_name using errcode = 'raise_exception';
end $$;
