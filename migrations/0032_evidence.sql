-- Papers of an application. The row with the hash is kept for ever; the content lies apart, sealed, and is deleted when its
-- time is over.
create table evidence (
  id uuid primary key,
  application_id uuid not null references application (id),
  kind text not null check (kind ~ '^[a-z][a-z-]{2,30}$'),
  media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png')),
  octets integer not null check (octets between 1 and 10485760),
  sha256 bytea not null check (octet_length(sha256) = 32),
  added_by uuid not null references officer (id),
  added_at timestamptz not null,
  -- Sent twice, it is one.
  unique (application_id, kind, sha256)
);
create trigger evidence_append_only before update or delete on evidence
  for each row execute function refuse_change();
create trigger evidence_not_emptied before truncate on evidence
  for each statement execute function refuse_change();

-- Nonce, ciphertext and tag (AES-256-GCM) under a key that this database does not have.
create table evidence_content (
  evidence_id uuid primary key references evidence (id),
  key_id text not null check (key_id ~ '^[a-z0-9-]{1,40}$'),
  sealed bytea not null check (octet_length(sealed) between 29 and 10485788)
);
-- Ciphertext does not compress; trying costs time.
alter table evidence_content alter column sealed set storage external;
create trigger evidence_content_unchanged before update on evidence_content
  for each row execute function refuse_change();
create trigger evidence_content_not_emptied before truncate on evidence_content
  for each statement execute function refuse_change();

-- Whose content was deleted when, by what.
create table evidence_deletion (
  evidence_id uuid primary key references evidence (id),
  deleted_at timestamptz not null,
  deleted_by text not null
);
create trigger evidence_deletion_append_only before update or delete on evidence_deletion
  for each row execute function refuse_change();
create trigger evidence_deletion_not_emptied before truncate on evidence_deletion
  for each statement execute function refuse_change();

-- A court or an inspection keeps the papers of an application beyond their time; lifted by a row of its own.
create table legal_hold (
  id uuid primary key,
  application_id uuid not null references application (id),
  order_number text not null check (length(order_number) between 1 and 64),
  laid_by uuid not null references officer (id),
  laid_at timestamptz not null
);
create index legal_hold_by_application on legal_hold (application_id);
create table legal_hold_lift (
  hold_id uuid primary key references legal_hold (id),
  lifted_by uuid not null references officer (id),
  lifted_at timestamptz not null
);
create trigger legal_hold_append_only before update or delete on legal_hold
  for each row execute function refuse_change();
create trigger legal_hold_lift_append_only before update or delete on legal_hold_lift
  for each row execute function refuse_change();
create trigger legal_hold_not_emptied before truncate on legal_hold
  for each statement execute function refuse_change();
create trigger legal_hold_lift_not_emptied before truncate on legal_hold_lift
  for each statement execute function refuse_change();

-- Content goes when it may: not before its row says so, and under no hold.
create function keep_evidence_content() returns trigger language plpgsql as $$
begin
  if not exists (select from evidence_deletion d where d.evidence_id = old.evidence_id)
    or exists (select from evidence e join legal_hold h on h.application_id = e.application_id
      where e.id = old.evidence_id and not exists (select from legal_hold_lift l where l.hold_id = h.id)) then
    raise exception 'evidence is kept' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger evidence_content_kept before delete on evidence_content
  for each row execute function keep_evidence_content();
