-- Verdicts that somebody asked to have kept for a link. Encrypted under the link's secret, which is not here; deleted when their
-- time is over, or before by whoever has the link.
create table kept_verdict (
  link_sha256 bytea primary key check (octet_length(link_sha256) = 32),
  sealed bytea not null,
  kept_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > kept_at)
);
create index kept_verdict_by_end on kept_verdict (expires_at);
