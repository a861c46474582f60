-- Which reminders were looked at for which certificate, whoever is reached by them; the unique key is what sends each once however
-- many processes find it due.
create table reminder (
  authority_id text not null,
  serial_number bytea not null,
  days_before smallint not null check (days_before in (90, 30, 7)),
  reminded_at timestamptz not null,
  -- Messages that were queued: 0 where the holder has left no address.
  messages smallint not null check (messages between 0 and 2),
  primary key (authority_id, serial_number, days_before),
  foreign key (authority_id, serial_number) references certificate (authority_id, serial_number)
);
create trigger reminder_append_only before update or delete on reminder
  for each row execute function refuse_change();
create trigger reminder_not_emptied before truncate on reminder
  for each statement execute function refuse_change();
