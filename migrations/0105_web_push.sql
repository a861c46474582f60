-- Where a phone that has signed in can be woken (RFC 8030). It ends with the sign-in.
alter table service_key add column purpose text not null default 'callbacks' check (purpose in ('callbacks', 'push'));

create table push_subscription (
  token_sha256 bytea primary key references device_login (token_sha256) on delete cascade,
  authority_id text not null,
  serial_number bytea not null,
  endpoint text not null check (length(endpoint) between 10 and 1000),
  -- The browser's key and secret (RFC 8291 §2): what is sent is for it alone.
  p256dh bytea not null check (octet_length(p256dh) = 65),
  auth_secret bytea not null check (octet_length(auth_secret) = 16),
  -- The key that the push service knows us by; another one is refused there.
  kid text not null references service_key (kid),
  subscribed_at timestamptz not null
);
create index push_subscription_by_certificate on push_subscription (authority_id, serial_number);

-- Who is to be woken for which session: queued with the session, gone when it is done.
create table push_delivery (
  session_id uuid not null references signature_session (id),
  token_sha256 bytea not null references push_subscription (token_sha256) on delete cascade,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (session_id, token_sha256)
);
create index push_delivery_due on push_delivery (next_attempt_at);
create index push_delivery_of_subscription on push_delivery (token_sha256);
