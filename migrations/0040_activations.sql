-- How the certificate and its key come together: a request from elsewhere, a card that made the key at the desk, or a phone that
-- will make it when it is activated. Until then an application for a phone has no key.
alter table application
  add column delivery text not null default 'request' check (delivery in ('request', 'card', 'phone')),
  alter column certification_request drop not null,
  alter column spki drop not null,
  alter column spki_sha256 drop not null,
  add constraint application_key check (
    num_nulls(certification_request, spki, spki_sha256) in (0, 3)
    and (spki is not null or (delivery = 'phone' and state not in ('issued', 'accepted')))),
  add constraint application_activation check (state <> 'activation' or delivery <> 'request');
create index application_unactivated on application (decided_at) where state = 'activation';

-- What lets the holder have the certificate: secrets over two channels, as slow hashes (scrypt) with a salt each. A new one voids
-- those of the application before it, and none is forgotten: it says when, and over which request of the phone's, it was used.
create table activation (
  id uuid primary key,
  application_id uuid not null references application (id),
  -- Shown at the desk, as a QR code; for phones.
  desk_salt bytea check (octet_length(desk_salt) = 16),
  desk_hash bytea check (octet_length(desk_hash) = 32),
  -- Sent to the holder's number, or printed in a letter.
  code_channel text check (code_channel in ('sms', 'letter')),
  code_salt bytea check (octet_length(code_salt) = 16),
  code_hash bytea check (octet_length(code_hash) = 32),
  tries integer not null default 0 check (tries between 0 and 6),
  made_by uuid not null references officer (id),
  made_at timestamptz not null,
  expires_at timestamptz not null,
  voided_at timestamptz,
  used_at timestamptz,
  -- PKCS#10 of the key that came with the use; of phones.
  certification_request bytea check (octet_length(certification_request) <= 16384),
  check (num_nulls(desk_salt, desk_hash) in (0, 2)),
  check (num_nulls(code_channel, code_salt, code_hash) in (0, 3)),
  check (voided_at is null or used_at is null),
  check (certification_request is null or used_at is not null),
  check (used_at >= made_at and expires_at > made_at)
);
create unique index activation_living on activation (application_id) where voided_at is null;
create index activation_by_application on activation (application_id, id);

-- One that was used stays as it is: what the CA issued rests on it.
create function keep_activation() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.voided_at is null
    and (old.id, old.application_id, old.made_by, old.made_at, old.expires_at)
    = (new.id, new.application_id, new.made_by, new.made_at, new.expires_at)
    and (old.used_at is null or (old.used_at, old.certification_request, old.desk_hash, old.code_hash)
      is not distinct from (new.used_at, new.certification_request, new.desk_hash, new.code_hash)) then
    return new;
  end if;
  raise exception 'an activation is kept as it was used' using errcode = 'restrict_violation';
end $$;
create trigger activation_kept before update or delete on activation for each row execute function keep_activation();
create trigger activation_not_emptied before truncate on activation for each statement execute function refuse_change();
