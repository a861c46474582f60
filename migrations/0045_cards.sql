-- Smart cards: deliveries, where each card is, and what happened to it.
create table card_batch (
  id uuid primary key,
  -- Of the delivery note: sent twice, it is one delivery.
  reference text not null unique check (length(reference) between 1 and 64),
  card_type text not null check (length(card_type) between 1 and 64),
  cards integer not null check (cards between 1 and 10000),
  list_sha256 bytea not null check (octet_length(list_sha256) = 32),
  imported_by uuid not null references officer (id),
  imported_at timestamptz not null
);
create trigger card_batch_append_only before update or delete on card_batch
  for each row execute function refuse_change();
create trigger card_batch_not_emptied before truncate on card_batch
  for each statement execute function refuse_change();

create table card (
  id uuid primary key,
  serial text not null unique check (length(serial) between 1 and 64),
  batch_id uuid not null references card_batch (id),
  -- Null: with the CA.
  office_id uuid references office (id),
  state text not null check (state in ('received', 'in-stock', 'reserved', 'personalised', 'handed-over',
    'pin-blocked', 'lost', 'spoiled', 'replaced', 'destroyed')),
  version integer not null check (version >= 1),
  changed_at timestamptz not null,
  check (state not in ('in-stock', 'reserved', 'personalised', 'handed-over') or office_id is not null)
);
create index card_by_office on card (office_id, state);
create index card_serial_prefix on card (serial text_pattern_ops);

create table card_change (
  card_id uuid not null references card (id),
  version integer not null,
  action text not null check (action ~ '^[a-z-]{3,20}$'),
  to_state text not null,
  office_id uuid references office (id),
  application_id uuid,
  note text check (length(note) <= 500),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (card_id, version)
);
create trigger card_change_append_only before update or delete on card_change
  for each row execute function refuse_change();
create trigger card_change_not_emptied before truncate on card_change
  for each statement execute function refuse_change();

-- No way leads out of the end of a card, and none is forgotten.
create function keep_card() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'cards are kept' using errcode = 'restrict_violation';
  end if;
  if old.state in ('replaced', 'destroyed') then
    raise exception 'the card has come to its end' using errcode = 'restrict_violation';
  end if;
  if new.version <> old.version + 1 or new.serial <> old.serial or new.batch_id <> old.batch_id then
    raise exception 'a card changes step by step' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger card_kept before update or delete on card for each row execute function keep_card();
