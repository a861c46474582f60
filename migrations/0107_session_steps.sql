-- Steps of an open session touch no index: what they depend on is whether it has ended, which a check ties to its state.
drop index signature_session_open;
drop index signature_session_due;
create unique index signature_session_open on signature_session (authority_id, serial_number) where ended_at is null;
create index signature_session_due on signature_session (expires_at) where ended_at is null;
-- Room on the page for the versions that the steps leave.
alter table signature_session set (fillfactor = 60);
