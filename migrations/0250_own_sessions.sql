-- By what officers recognise their own sessions, and name the ones that they end: nothing here opens one.
alter table officer_session
  add column id uuid not null default gen_random_uuid(),
  -- The address, or of IPv6 the network, that it was opened from.
  add column opened_from text check (length(opened_from) between 1 and 64),
  -- As the browser calls itself, and cut: it may say anything.
  add column user_agent text check (length(user_agent) <= 200);
create unique index officer_session_by_id on officer_session (id);
