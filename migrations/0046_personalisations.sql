-- The way of one key onto one card: for an application, from the card in the reader to the holder's receipt.
create table personalisation (
  id uuid primary key,
  -- Of a draft at first, of the application that is filed from it then: the id stays.
  application_id uuid not null,
  card_id uuid not null references card (id),
  office_id uuid not null references office (id),
  key_type text not null check (key_type in ('rsa-2048', 'p-256')),
  purpose text not null check (purpose in ('signing', 'authentication')),
  state text not null check (state in ('open', 'pin-set', 'key-made', 'written', 'tested', 'completed', 'abandoned')),
  version integer not null check (version >= 1),
  -- SubjectPublicKeyInfo of the key that was made on the card.
  spki bytea,
  -- What the test signature is made over, and what the holder signs as the receipt.
  challenge bytea check (octet_length(challenge) = 32),
  receipt bytea check (octet_length(receipt) <= 16384),
  opened_by uuid not null references officer (id),
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  check (state in ('open', 'pin-set', 'abandoned') or spki is not null),
  check (state not in ('tested', 'completed') or challenge is not null),
  check (state <> 'completed' or receipt is not null)
);
-- One way at a time for each application.
create unique index personalisation_of_application on personalisation (application_id) where state <> 'abandoned';
create index personalisation_by_card on personalisation (card_id);
create index personalisation_under_way on personalisation (office_id, id) where state not in ('completed', 'abandoned');

create function keep_personalisation() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state in ('completed', 'abandoned') then
    raise exception 'personalisations are kept' using errcode = 'restrict_violation';
  end if;
  if new.card_id <> old.card_id or new.application_id <> old.application_id or new.version <> old.version + 1
    or (old.spki is not null and new.spki is distinct from old.spki) then
    raise exception 'a personalisation goes on with its card and its key' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger personalisation_kept before update or delete on personalisation
  for each row execute function keep_personalisation();

-- Issued, and nobody has confirmed yet that the holder's card has it.
alter table hold_cause drop constraint hold_cause_cause_check;
alter table hold_cause add constraint hold_cause_cause_check
  check (cause in ('lost', 'licence-suspended', 'office-order', 'unconfirmed'));
drop index hold_cause_running_out;
create index hold_cause_running_out on hold_cause (laid_at) where cause in ('lost', 'office-order');

-- A receipt that the holder has signed is a paper of the application like those that are scanned.
alter table evidence drop constraint evidence_media_type_check;
alter table evidence add constraint evidence_media_type_check
  check (media_type in ('application/pdf', 'image/jpeg', 'image/png', 'application/cms'));
