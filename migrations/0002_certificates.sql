-- What the CA keys were asked to sign (intents, written first) and what came of it (certificates).
create table issuance_intent (
  authority_id text not null references authority (id),
  serial_number bytea not null check (octet_length(serial_number) between 8 and 20),
  tbs_certificate bytea not null,
  spki_sha256 bytea not null check (octet_length(spki_sha256) = 32),
  profile_id text not null,
  profile_version integer not null,
  origin text not null,
  intended_at timestamptz not null,
  primary key (authority_id, serial_number),
  -- No key is certified twice, in whichever CA of the deployment.
  constraint issuance_intent_spki unique (spki_sha256)
);
create index issuance_intent_by_origin on issuance_intent (origin);

create table certificate (
  authority_id text not null,
  serial_number bytea not null,
  der bytea not null,
  sha256 bytea not null unique check (octet_length(sha256) = 32),
  profile_id text not null,
  origin text not null,
  not_before timestamptz not null,
  not_after timestamptz not null check (not_after > not_before),
  issued_at timestamptz not null,
  primary key (authority_id, serial_number),
  foreign key (authority_id, serial_number) references issuance_intent (authority_id, serial_number)
);
create index certificate_by_origin on certificate (origin);

create trigger issuance_intent_append_only before update or delete on issuance_intent
  for each row execute function refuse_change();
create trigger certificate_append_only before update or delete on certificate
  for each row execute function refuse_change();
