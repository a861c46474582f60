-- Which approval a certificate rests on, by the digest of what the officer signed. An approval may leave the key open, so the
-- key's own uniqueness does not keep it from being used twice; this does.
alter table issuance_intent
  add column approval_sha256 bytea check (octet_length(approval_sha256) = 32),
  add constraint issuance_intent_approval unique (approval_sha256);
