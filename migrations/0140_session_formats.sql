-- A session may sign a PDF within itself.
alter table signature_session drop constraint signature_session_format_check;
alter table signature_session add constraint signature_session_format_check
  check (format in ('cades', 'jades', 'pades'));
