-- How far a reader of the status history knows it. A replica that shows a heartbeat holds everything committed before: the
-- record of its commit comes after theirs. Written once a second by whoever may write; the clock is this server's.
create table status_heartbeat (
  only_row boolean primary key default true check (only_row),
  beat_at timestamptz not null
);
insert into status_heartbeat (beat_at) values (clock_timestamp());

-- When a change was written, just before its commit: what a follower measures its own delay from.
alter table status_change add column recorded_at timestamptz;
alter table status_change alter column recorded_at set default clock_timestamp();

insert into database_grant (role_name, table_name, privilege) values ('mohr_ocsp', 'status_heartbeat', 'select');
update database_grant set columns = columns || '{recorded_at}'
  where role_name = 'mohr_ocsp' and table_name = 'status_change';
select apply_database_grants();
