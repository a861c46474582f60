-- One active signing certificate per holder and key store. Whoever is certified for a holder's slot takes its next turn; two who
-- would take it at once meet in the unique index, and the second is told that the holder has a certificate.
alter table issuance_intent
  add column holder_slot text,
  add column holder_turn integer,
  -- The certificate of the slot that this one goes on for, and may stand beside.
  add column replaces_authority_id text,
  add column replaces_serial_number bytea,
  add constraint issuance_intent_slot_and_turn check ((holder_slot is null) = (holder_turn is null)),
  add constraint issuance_intent_replaces check (
    (replaces_authority_id is null) = (replaces_serial_number is null)
    and (replaces_authority_id is null or holder_slot is not null)),
  add constraint issuance_intent_holder_turn unique (holder_slot, holder_turn);

-- Intents that a crash left open and that nobody may complete any more: closed without a certificate.
create table intent_refusal (
  authority_id text not null,
  serial_number bytea not null,
  code text not null,
  refused_at timestamptz not null,
  primary key (authority_id, serial_number),
  foreign key (authority_id, serial_number) references issuance_intent (authority_id, serial_number)
);
create trigger intent_refusal_append_only before update or delete on intent_refusal
  for each row execute function refuse_change();
create trigger intent_refusal_not_emptied before truncate on intent_refusal
  for each statement execute function refuse_change();

-- Neither is a certificate recorded for a closed intent, nor an intent closed that has a certificate: whoever closes one locks
-- the table of certificates first.
create function refuse_certificate_of_refused_intent() returns trigger language plpgsql as $$
begin
  if exists (select from intent_refusal)
    and exists (select from added join intent_refusal using (authority_id, serial_number)) then
    raise exception 'the intent of this certificate was refused' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger certificate_of_open_intent after insert on certificate
  referencing new table as added for each statement execute function refuse_certificate_of_refused_intent();
