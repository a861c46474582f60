-- Accepted and refused actions, written in the transaction of what they record. No personal data.
create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('officer', 'service', 'anonymous', 'operator')),
  actor_id text not null,
  office_id text,
  action text not null,
  outcome text not null check (outcome in ('accepted', 'refused')),
  subject text not null,
  refusal_code text check ((outcome = 'refused') = (refusal_code is not null)),
  details jsonb not null
);
create index audit_event_by_subject on audit_event (subject, id);
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function refuse_change();
