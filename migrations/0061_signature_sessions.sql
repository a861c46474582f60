-- Phones: a nonce is signed by the certificate's key once, and a token stands for it until it expires.
create table device_challenge (
  nonce bytea primary key check (octet_length(nonce) = 32),
  expires_at timestamptz not null
);
create index device_challenge_expired on device_challenge (expires_at);

create table device_login (
  token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
  authority_id text not null,
  serial_number bytea not null,
  signed_in_at timestamptz not null,
  expires_at timestamptz not null,
  foreign key (authority_id, serial_number) references certificate (authority_id, serial_number)
);
create index device_login_expired on device_login (expires_at);

-- Wrong PINs in a row, as the phone reports them. A key that is blocked stays so: the phone has dropped it.
create table credential_pin (
  authority_id text not null,
  serial_number bytea not null,
  failures integer not null check (failures between 0 and 5),
  blocked_at timestamptz,
  primary key (authority_id, serial_number),
  foreign key (authority_id, serial_number) references certificate (authority_id, serial_number)
);

-- The same table as `signing/sessions/session-state.ts`: a session goes no other way.
create table signature_session_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into signature_session_transition (from_state, to_state) values
  ('CREATED', 'DELIVERED'), ('CREATED', 'DEVICE_UNAVAILABLE'), ('CREATED', 'CERT_REVOKED'), ('CREATED', 'ERROR'),
  ('DELIVERED', 'DISPLAYED'), ('DELIVERED', 'USER_REFUSED'), ('DELIVERED', 'TIMEOUT'), ('DELIVERED', 'CERT_REVOKED'),
  ('DELIVERED', 'ERROR'),
  ('DISPLAYED', 'SIGNED'), ('DISPLAYED', 'USER_REFUSED'), ('DISPLAYED', 'WRONG_VC'), ('DISPLAYED', 'TIMEOUT'),
  ('DISPLAYED', 'PIN_BLOCKED'), ('DISPLAYED', 'CERT_REVOKED'), ('DISPLAYED', 'ERROR');

create table signature_session (
  id uuid primary key,
  relying_party_id text not null references relying_party (id),
  authority_id text not null,
  serial_number bytea not null,
  certificate_sha256 bytea not null check (octet_length(certificate_sha256) = 32),
  state text not null,
  format text not null check (format in ('cades', 'jades')),
  verification_code text not null check (verification_code ~ '^[0-9]{4}$'),
  code_choices text[] not null check (cardinality(code_choices) = 3),
  -- SHA-256 over all that the phone has to show.
  display_sha256 bytea not null check (octet_length(display_sha256) = 32),
  idempotency_key text,
  request_sha256 bytea not null check (octet_length(request_sha256) = 32),
  callback_url text,
  -- What is to be signed, forgotten when the session ends; and what was signed, until it has been fetched long enough.
  key_id text,
  sealed bytea,
  -- Of the signatures that the phone sent: sent again, they are the same answer.
  answer_sha256 bytea check (octet_length(answer_sha256) = 32),
  failure text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  delivered_at timestamptz,
  displayed_at timestamptz,
  -- What the signatures claim: the time of this service, whatever the phone's clock says.
  signing_time timestamptz,
  code_confirmed_at timestamptz,
  ended_at timestamptz,
  foreign key (authority_id, serial_number) references certificate (authority_id, serial_number),
  check ((state in ('CREATED', 'DELIVERED', 'DISPLAYED')) = (ended_at is null)),
  check (state <> 'SIGNED' or (code_confirmed_at is not null and signing_time is not null and answer_sha256 is not null)),
  check ((sealed is null) = (key_id is null)),
  check (ended_at is not null or sealed is not null)
);
-- One at a time: nobody takes the confirmation of one request for that of another.
create unique index signature_session_open on signature_session (authority_id, serial_number)
  where state in ('CREATED', 'DELIVERED', 'DISPLAYED');
create unique index signature_session_once on signature_session (relying_party_id, idempotency_key)
  where idempotency_key is not null;
create index signature_session_due on signature_session (expires_at) where state in ('CREATED', 'DELIVERED', 'DISPLAYED');
create index signature_session_kept on signature_session (ended_at) where ended_at is not null and sealed is not null;
-- Ciphertext does not compress; trying costs time.
alter table signature_session alter column sealed set storage external;

create function check_session_transition() returns trigger language plpgsql as $$
begin
  if new.state = old.state then
    return new;
  end if;
  if not exists (select from signature_session_transition where from_state = old.state and to_state = new.state) then
    raise exception 'session % cannot become %', old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger signature_session_moves before update on signature_session
  for each row execute function check_session_transition();

-- What was shown and signed, when and for whom; sealed, kept, never changed.
create table signature_evidence (
  session_id uuid primary key references signature_session (id),
  sha256 bytea not null check (octet_length(sha256) = 32),
  key_id text not null,
  sealed bytea not null,
  recorded_at timestamptz not null
);
alter table signature_evidence alter column sealed set storage external;
create trigger signature_evidence_append_only before update or delete on signature_evidence
  for each row execute function refuse_change();
create trigger signature_evidence_not_emptied before truncate on signature_evidence
  for each statement execute function refuse_change();

-- Every signature value once: one that comes again is a replay.
create table made_signature (
  signature_sha256 bytea primary key check (octet_length(signature_sha256) = 32),
  session_id uuid not null references signature_session (id),
  position integer not null check (position between 0 and 19),
  document_sha256 bytea not null check (octet_length(document_sha256) = 32)
);
create trigger made_signature_append_only before update or delete on made_signature
  for each row execute function refuse_change();
create trigger made_signature_not_emptied before truncate on made_signature
  for each statement execute function refuse_change();

-- Callbacks: one for each session that names an address, claimed by one process at a time.
create table signature_callback (
  session_id uuid primary key references signature_session (id),
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed')),
  attempts integer not null default 0,
  queued_at timestamptz not null,
  next_attempt_at timestamptz not null,
  settled_at timestamptz,
  failure text,
  check ((state in ('sent', 'failed')) = (settled_at is not null)),
  check ((state = 'failed') = (failure is not null))
);
create index signature_callback_due on signature_callback (next_attempt_at) where state in ('waiting', 'sending');

-- Public keys that callbacks are signed with: one for each data directory.
create table service_key (
  kid text primary key,
  jwk jsonb not null,
  key_reference text not null,
  added_at timestamptz not null
);
create trigger service_key_append_only before update or delete on service_key
  for each row execute function refuse_change();
