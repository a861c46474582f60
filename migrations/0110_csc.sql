-- Where the browser of a holder may be sent back to: a relying party without one has no pages, and polls.
create table relying_party_redirect (
  relying_party_id text not null references relying_party (id),
  redirect_uri text not null check (length(redirect_uri) between 1 and 500),
  added_at timestamptz not null,
  primary key (relying_party_id, redirect_uri)
);

-- What a holder is asked to allow by a signature session: one signing of exactly these hashes, or to be known to a relying party.
create table csc_authorization (
  id uuid primary key,
  relying_party_id text not null references relying_party (id),
  scope text not null check (scope in ('service', 'credential')),
  session_id uuid not null unique references signature_session (id),
  user_id text check (length(user_id) between 1 and 60),
  -- Of the secret of the page that the holder waits on.
  interaction_sha256 bytea unique check (octet_length(interaction_sha256) = 32),
  request_sha256 bytea not null check (octet_length(request_sha256) = 32),
  hashes bytea[] not null check (cardinality(hashes) <= 20),
  created_at timestamptz not null,
  -- Of the activation data, which lies nowhere as it is.
  sad_sha256 bytea unique check (octet_length(sad_sha256) = 32),
  used_at timestamptz,
  -- What was answered, until it has been fetched long enough.
  key_id text,
  sealed bytea,
  answer_until timestamptz,
  check ((scope = 'service') = (user_id is not null)),
  check ((scope = 'credential') = (cardinality(hashes) > 0)),
  check ((sealed is null) = (key_id is null)),
  check (used_at is not null or answer_until is null)
);
create index csc_authorization_request on csc_authorization (relying_party_id, request_sha256) where used_at is null;
create index csc_authorization_kept on csc_authorization (answer_until) where sealed is not null;
alter table csc_authorization alter column sealed set storage external;

-- An authorization is used once and stays used, for the client, session and hashes that it was made for.
create function check_csc_authorization() returns trigger language plpgsql as $$
begin
  if (old.used_at is not null and new.used_at is distinct from old.used_at)
      or (old.used_at is not null and new.sad_sha256 is distinct from old.sad_sha256)
      or (new.relying_party_id, new.scope, new.session_id, new.hashes)
        is distinct from (old.relying_party_id, old.scope, old.session_id, old.hashes) then
    raise exception 'a used authorization does not change' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger csc_authorization_is_used_once before update on csc_authorization
  for each row execute function check_csc_authorization();

-- What the OAuth server keeps: requests, pages, codes, grants and tokens, each found by the hash of its secret and sealed.
create table oauth_record (
  kind text not null check (kind ~ '^[A-Za-z]{1,60}$'),
  id_sha256 bytea not null check (octet_length(id_sha256) = 32),
  grant_sha256 bytea check (octet_length(grant_sha256) = 32),
  key_id text not null,
  sealed bytea not null,
  expires_at timestamptz,
  consumed_at timestamptz,
  primary key (kind, id_sha256)
);
create index oauth_record_grant on oauth_record (grant_sha256) where grant_sha256 is not null;
create index oauth_record_expired on oauth_record (expires_at);
alter table oauth_record alter column sealed set storage external;
