-- What cannot be deleted row by row cannot be emptied either: TRUNCATE runs no row triggers.
create trigger issuance_intent_not_emptied before truncate on issuance_intent
  for each statement execute function refuse_change();
create trigger certificate_not_emptied before truncate on certificate
  for each statement execute function refuse_change();
create trigger status_change_not_emptied before truncate on status_change
  for each statement execute function refuse_change();
create trigger audit_event_not_emptied before truncate on audit_event
  for each statement execute function refuse_change();
