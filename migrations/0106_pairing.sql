-- A session may be opened for whoever scans its code: it has no certificate until a phone has claimed it.
alter table signature_session
  alter column authority_id drop not null,
  alter column serial_number drop not null,
  alter column certificate_sha256 drop not null,
  -- Of the secret in the code; it opens the session once.
  add column pairing_sha256 bytea check (octet_length(pairing_sha256) = 32),
  add column pairing_claimed_at timestamptz,
  -- Claims that were refused, so that whoever asked sees that somebody tried.
  add column pairing_refusals integer not null default 0,
  add constraint signature_session_credential_whole
    check ((authority_id is null) = (serial_number is null) and (authority_id is null) = (certificate_sha256 is null)),
  add constraint signature_session_claimed check (pairing_claimed_at is null or authority_id is not null),
  add constraint signature_session_paired_first check (state in ('CREATED', 'DEVICE_UNAVAILABLE', 'ERROR', 'CERT_REVOKED')
    or (pairing_sha256 is null and authority_id is not null) or pairing_claimed_at is not null);
create unique index signature_session_pairing on signature_session (pairing_sha256) where pairing_sha256 is not null;

-- Whose session it is never changes once somebody has it.
create or replace function check_session_transition() returns trigger language plpgsql as $$
begin
  if old.authority_id is not null
    and (new.authority_id, new.serial_number) is distinct from (old.authority_id, old.serial_number) then
    raise exception 'session % is another certificate''s', old.id using errcode = 'check_violation';
  end if;
  if new.state = old.state then
    return new;
  end if;
  if not exists (select from signature_session_transition where from_state = old.state and to_state = new.state) then
    raise exception 'session % cannot become %', old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
