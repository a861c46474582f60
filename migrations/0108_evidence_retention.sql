-- What was shown and signed is kept for fifteen years; then its content goes, and its hash stays. That it went stands in a row of
-- its own, and nothing else changes.
alter table signature_evidence alter column key_id drop not null, alter column sealed drop not null,
  add constraint signature_evidence_whole check ((key_id is null) = (sealed is null));
create index signature_evidence_by_time on signature_evidence (recorded_at) where sealed is not null;

create table signature_evidence_deletion (
  session_id uuid primary key references signature_evidence (session_id),
  deleted_at timestamptz not null
);
create trigger signature_evidence_deletion_append_only before update or delete on signature_evidence_deletion
  for each row execute function refuse_change();
create trigger signature_evidence_deletion_not_emptied before truncate on signature_evidence_deletion
  for each statement execute function refuse_change();

-- The one change that there is: the content goes, after its row says so.
create function keep_signature_evidence() returns trigger language plpgsql as $$
begin
  if new.sealed is null and new.key_id is null
    and (new.session_id, new.sha256, new.recorded_at) is not distinct from (old.session_id, old.sha256, old.recorded_at)
    and exists (select from signature_evidence_deletion d where d.session_id = old.session_id) then
    return new;
  end if;
  raise exception 'signature evidence is kept' using errcode = 'restrict_violation';
end $$;
drop trigger signature_evidence_append_only on signature_evidence;
create trigger signature_evidence_kept before update on signature_evidence
  for each row execute function keep_signature_evidence();
create trigger signature_evidence_append_only before delete on signature_evidence
  for each row execute function refuse_change();
