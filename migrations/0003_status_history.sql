-- The one history of every certificate's status. Numbers are gapless and in the order of commits, because the writer
-- holds the counter's row lock until it commits; readers follow by number.
create table status_counter (
  only_row boolean primary key default true check (only_row),
  last_change_number bigint not null
);
insert into status_counter (last_change_number) values (0);

create table status_change (
  change_number bigint primary key,
  authority_id text not null,
  serial_number bytea not null,
  event text not null check (event in ('issued', 'held', 'released', 'revoked')),
  effective_at timestamptz not null,
  reason text,
  invalidity_date timestamptz,
  requested_by text not null,
  foreign key (authority_id, serial_number) references certificate (authority_id, serial_number),
  check ((event = 'held' and reason = 'certificateHold')
    or (event = 'revoked' and reason is not null and reason <> 'certificateHold')
    or (event in ('issued', 'released') and reason is null)),
  check (invalidity_date is null or event = 'revoked')
);
create index status_change_by_certificate on status_change (authority_id, serial_number, change_number);
-- A history begins once and ends once.
create unique index status_change_issued_once on status_change (authority_id, serial_number) where event = 'issued';
create unique index status_change_revoked_once on status_change (authority_id, serial_number) where event = 'revoked';

create function check_status_transition() returns trigger language plpgsql as $$
declare
  last_event text;
begin
  select event into last_event from status_change
    where authority_id = new.authority_id and serial_number = new.serial_number
    order by change_number desc limit 1;
  if (last_event is null and new.event = 'issued')
    or (last_event in ('issued', 'released') and new.event in ('held', 'revoked'))
    or (last_event = 'held' and new.event in ('released', 'revoked')) then
    return new;
  end if;
  raise exception 'status % cannot follow %', new.event, coalesce(last_event, 'nothing') using errcode = 'check_violation';
end $$;
create trigger status_change_transition before insert on status_change
  for each row execute function check_status_transition();
create trigger status_change_append_only before update or delete on status_change
  for each row execute function refuse_change();

-- Wakes the followers; the change number, not the notification, is what they trust.
create function notify_status_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('status_change', '');
  return null;
end $$;
create trigger status_change_notify after insert on status_change
  for each statement execute function notify_status_change();
