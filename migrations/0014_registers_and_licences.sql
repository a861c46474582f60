-- What the foreign registers said of a case, and what the Medical Council says of licences.

-- Evidence of each question to a register. Digests are keyed by a salt of their own, so that they tell nothing once the answer
-- itself has been deleted.
create table register_answer (
  id uuid primary key,
  -- `application:<id>`
  subject text not null,
  register text not null check (register in ('medical-council', 'civil-registry', 'shahkar')),
  asked_by_kind text not null,
  asked_by_id text not null,
  asked_by_office text,
  asked_at timestamptz not null,
  answered_at timestamptz not null,
  request_id uuid not null unique,
  salt bytea not null check (octet_length(salt) = 16),
  claim_hmac bytea not null check (octet_length(claim_hmac) = 32),
  answer_hmac bytea check (octet_length(answer_hmac) = 32),
  result text not null check (result in ('MATCH', 'NO_MATCH', 'UNAVAILABLE')),
  reason text not null,
  -- What counts rests on something that was received.
  check (result = 'UNAVAILABLE' or answer_hmac is not null)
);
create index register_answer_by_subject on register_answer (subject, register, id);
create trigger register_answer_append_only before update or delete on register_answer
  for each row execute function refuse_change();
create trigger register_answer_not_emptied before truncate on register_answer
  for each statement execute function refuse_change();

-- The raw octets, apart: personal data that is deleted when its time is over, and that few may read. Never changed.
create table register_answer_body (
  answer_id uuid primary key references register_answer (id),
  body bytea not null check (octet_length(body) <= 65536)
);
create trigger register_answer_body_unchanged before update on register_answer_body
  for each row execute function refuse_change();

-- How each licence stands after the messages that took their turn.
create table licence_holder (
  council_group text not null,
  council_digits text not null check (council_digits ~ '^[1-9][0-9]{0,9}$'),
  national_id text not null check (national_id ~ '^[0-9]{10}$'),
  standing text not null check (standing in ('active', 'suspended', 'ended', 'deceased')),
  last_sequence integer not null check (last_sequence >= 0),
  last_message_id text,
  changed_at timestamptz not null,
  primary key (council_group, council_digits),
  check (standing = 'active' or last_message_id is not null)
);
create index licence_holder_not_active on licence_holder (national_id, standing) where standing <> 'active';

-- The inbox: every message that the Council signed, durable before it is answered.
create table licence_message (
  message_id text primary key,
  body bytea not null,
  body_sha256 bytea not null check (octet_length(body_sha256) = 32),
  signature text not null,
  received_at timestamptz not null,
  received_by text not null check (received_by in ('webhook', 'feed')),
  council_group text not null,
  council_digits text not null,
  national_id text not null,
  sequence integer not null check (sequence >= 1),
  event text not null check (event in ('suspended', 'restored', 'ended', 'deceased')),
  order_number text,
  state text not null check (state in ('waiting', 'applied', 'refused')),
  refusal text check ((state = 'refused') = (refusal is not null)),
  held integer, released integer, revoked integer, unchanged integer,
  settled_at timestamptz check ((state = 'waiting') = (settled_at is null)),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  foreign key (council_group, council_digits) references licence_holder (council_group, council_digits),
  check ((state = 'applied') = (num_nulls(held, released, revoked, unchanged) = 0))
);
-- One message a number. What is refused in its turn has used the number up: the holder counts on.
create unique index licence_message_in_turn on licence_message (council_group, council_digits, sequence)
  where state <> 'refused';
create index licence_message_waiting on licence_message (next_attempt_at) where state = 'waiting';

-- Only what is waiting changes, and only in what becomes of it.
create function keep_licence_message() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.state = 'waiting'
    and (old.message_id, old.body, old.body_sha256, old.signature, old.received_at, old.received_by, old.council_group,
      old.council_digits, old.national_id, old.sequence, old.event)
    = (new.message_id, new.body, new.body_sha256, new.signature, new.received_at, new.received_by, new.council_group,
      new.council_digits, new.national_id, new.sequence, new.event) then
    return new;
  end if;
  raise exception 'a licence message is kept as it is' using errcode = 'restrict_violation';
end $$;
create trigger licence_message_kept before update or delete on licence_message
  for each row execute function keep_licence_message();
create trigger licence_message_not_emptied before truncate on licence_message
  for each statement execute function refuse_change();

-- Where reading the Council's feed goes on.
create table licence_feed (
  only_row boolean primary key default true check (only_row),
  cursor text check (length(cursor) <= 500),
  moved_at timestamptz
);
insert into licence_feed (only_row) values (true);

-- Holds that may run out, and the holder's certificates by number.
create index status_change_held on status_change (effective_at) where event = 'held';
