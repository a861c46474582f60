-- How far the service lifts what the phone signed.
alter table signature_session add column level text not null default 'B-B' check (level in ('B-B', 'B-T', 'B-LT'));
