-- Passkeys of officers, what they are asked to sign, sessions that end by themselves, and approvals that can be verified again.

alter table officer
  -- Of officers who might stand before their own office: nobody decides a case about themselves.
  add column national_id text check (national_id ~ '^[0-9]{10}$'),
  add column removed_at timestamptz;

alter table officer_session
  add column method text not null default 'link' check (method in ('link', 'passkey', 'certificate')),
  add column last_seen_at timestamptz,
  -- Of the client certificate that a session is bound to.
  add column certificate_sha256 bytea check (octet_length(certificate_sha256) = 32),
  add constraint officer_session_certificate check ((method = 'certificate') = (certificate_sha256 is not null));
update officer_session set last_seen_at = created_at;
alter table officer_session alter column last_seen_at set not null;
create index officer_session_by_officer on officer_session (officer_id) where ended_at is null;

-- Public keys stay when a passkey is removed: what it has approved is verified for as long as certificates count.
create table passkey (
  id uuid primary key,
  officer_id uuid not null references officer (id),
  name text not null check (length(name) between 1 and 100),
  credential_id bytea not null unique check (octet_length(credential_id) between 1 and 1023),
  cose_key bytea not null,
  -- The same key as SubjectPublicKeyInfo.
  spki bytea not null,
  transports text[] not null,
  sign_count bigint not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  removed_at timestamptz
);
create index passkey_by_officer on passkey (officer_id);

create function keep_passkey() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.removed_at is null
    and (old.id, old.officer_id, old.credential_id, old.cose_key, old.spki, old.created_at)
    = (new.id, new.officer_id, new.credential_id, new.cose_key, new.spki, new.created_at) then
    return new;
  end if;
  raise exception 'a passkey is kept as it was registered' using errcode = 'restrict_violation';
end $$;
create trigger passkey_kept before update or delete on passkey for each row execute function keep_passkey();
create trigger passkey_not_emptied before truncate on passkey for each statement execute function refuse_change();

-- Challenges that are out: each is answered once, and soon.
create table ceremony_challenge (
  challenge bytea primary key check (octet_length(challenge) = 32),
  purpose text not null check (purpose in ('sign-in', 'registration', 'approval')),
  officer_id uuid references officer (id),
  application_id uuid references application (id),
  -- The octets whose SHA-256 is the challenge of an approval.
  document bytea,
  expires_at timestamptz not null,
  check ((purpose = 'sign-in') = (officer_id is null)),
  check ((purpose = 'approval') = (document is not null)),
  check ((purpose = 'approval') = (application_id is not null))
);
create index ceremony_challenge_expired on ceremony_challenge (expires_at);

-- Failed attempts to prove who one is, by what was attempted: an address, a credential, an officer.
create table sign_in_failure (
  subject text primary key,
  failures integer not null,
  first_at timestamptz not null,
  locked_until timestamptz
);

-- What an officer signed, and the signature.
create table application_approval (
  application_id uuid not null references application (id),
  application_version integer not null,
  approved_by uuid not null references officer (id),
  approved_at timestamptz not null,
  document bytea not null,
  document_sha256 bytea not null unique check (octet_length(document_sha256) = 32),
  method text not null check (method in ('passkey', 'certificate')),
  credential_id bytea references passkey (credential_id),
  client_data_json bytea,
  authenticator_data bytea,
  certificate_sha256 bytea references certificate (sha256),
  signature bytea not null,
  primary key (application_id, application_version),
  check (num_nulls(credential_id, client_data_json, authenticator_data) = case method when 'passkey' then 0 else 3 end),
  check ((method = 'certificate') = (certificate_sha256 is not null))
);
create trigger application_approval_append_only before update or delete on application_approval
  for each row execute function refuse_change();
create trigger application_approval_not_emptied before truncate on application_approval
  for each statement execute function refuse_change();

-- Certificates that rest on something else than an officer's signature over the case, each with what it rests on.
create table approval_exemption (
  application_id uuid primary key references application (id),
  kind text not null check (kind in ('campaign', 'before-approvals')),
  campaign text check ((kind = 'campaign') = (campaign is not null)),
  filed_by uuid not null references officer (id),
  approved_by uuid not null references officer (id),
  recorded_at timestamptz not null,
  check (filed_by <> approved_by)
);
create trigger approval_exemption_append_only before update or delete on approval_exemption
  for each row execute function refuse_change();
create trigger approval_exemption_not_emptied before truncate on approval_exemption
  for each statement execute function refuse_change();

-- What a deployment certified before approvals were signed stays what it is.
insert into approval_exemption (application_id, kind, filed_by, approved_by, recorded_at)
  select id, 'before-approvals', filed_by, decided_by, decided_at from application
  where state = 'issued' or exists (select from issuance_intent where origin = 'application:' || application.id);
-- What was approved and has come no further has to be approved again.
update application set state = 'submitted', version = version + 1, decided_by = null, decided_at = null, decision_note = null
  where state = 'approved' and not exists (select from approval_exemption where application_id = application.id);
