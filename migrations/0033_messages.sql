-- Messages to holders, each queued once and claimed by one process at a time. The text is sealed, because it may hold a code, and
-- is forgotten when it is sent; where it goes is looked up when it goes.
create table message (
  id uuid primary key,
  holder_id uuid not null references holder (id),
  channel text not null check (channel in ('sms', 'email')),
  kind text not null,
  -- What makes it one message, however many processes find that it is due.
  once_key text not null unique,
  key_id text,
  sealed bytea,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed')),
  queued_at timestamptz not null,
  -- Of no use to anybody later.
  send_before timestamptz not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  settled_at timestamptz,
  failure text,
  check ((state in ('sent', 'failed')) = (settled_at is not null)),
  check ((state in ('sent', 'failed')) = (sealed is null) and (sealed is null) = (key_id is null)),
  check ((state = 'failed') = (failure is not null))
);
create index message_due on message (next_attempt_at) where state in ('waiting', 'sending');
