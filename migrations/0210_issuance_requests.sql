-- What a registration authority in a process of its own asks of the CAs in another: it inserts, a CA process answers. The request is
-- durable before it is acted on, and stays open over crashes of either side until its answer is durable.
create table issuance_request (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('issue', 'readiness')),
  authority_id text not null references authority (id),
  origin text check ((origin is not null) = (kind = 'issue')),
  spki_sha256 bytea check (octet_length(spki_sha256) = 32 and (spki_sha256 is not null) = (kind = 'issue')),
  -- Names of the holder are in it: it goes when the answer comes.
  content text check (octet_length(content) <= 1048576),
  asked_at timestamptz not null,
  answered_at timestamptz,
  refusal_code text,
  refusal_detail text,
  -- Whether the same may be granted later.
  may_pass boolean,
  check (answered_at is not null or refusal_code is null),
  check ((refusal_code is null) = (refusal_detail is null) and (refusal_code is null) = (may_pass is null)),
  check ((content is not null) = (kind = 'issue' and answered_at is null))
);
-- Whoever asks again joins the request that is open.
create unique index issuance_request_open
  on issuance_request (kind, authority_id, coalesce(origin, ''), coalesce(spki_sha256, '')) where answered_at is null;
create index issuance_request_waiting on issuance_request (id) where answered_at is null;

-- An answer is given once, and what was asked is not changed; what is answered may be forgotten.
create function keep_issuance_request() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.answered_at is null then
      raise exception 'a request is forgotten when it is answered' using errcode = 'check_violation';
    end if;
    return old;
  end if;
  if old.answered_at is not null or new.answered_at is null
    or (new.id, new.kind, new.authority_id, new.origin, new.spki_sha256, new.asked_at)
      is distinct from (old.id, old.kind, old.authority_id, old.origin, old.spki_sha256, old.asked_at) then
    raise exception 'a request is answered once, and nothing else of it changes' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger issuance_request_kept before update or delete on issuance_request
  for each row execute function keep_issuance_request();
create trigger issuance_request_not_emptied before truncate on issuance_request
  for each statement execute function refuse_change();

-- Wakes who waits; rows are what they trust.
create function notify_issuance_request() returns trigger language plpgsql as $$
begin
  perform pg_notify(case tg_op when 'INSERT' then 'issuance_request' else 'issuance_answer' end, '');
  return null;
end $$;
create trigger issuance_request_notify after insert or update on issuance_request
  for each statement execute function notify_issuance_request();
