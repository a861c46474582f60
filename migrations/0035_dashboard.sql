-- What the dashboard and the reminders ask for by time; all of these grow at their end.
create index certificate_by_issued_at on certificate (issued_at);
create index certificate_by_not_after on certificate (not_after);
create index status_change_revoked_at on status_change (effective_at) where event = 'revoked';
create index register_answer_by_time on register_answer (register, answered_at);
