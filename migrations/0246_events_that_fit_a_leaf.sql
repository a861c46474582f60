-- What no leaf can be made of would stop the log for everybody: a time that is none, details that are not a row of texts and numbers, or
-- more than the 65,535 octets of an entry. Whoever serves the API may insert events, and must not be able to do that. Rows that are there have their leaves.
alter table audit_event add constraint audit_event_fits_a_leaf check (
  at between '1970-01-01' and '9999-12-31'
  and jsonb_typeof(details) = 'object'
  and not details @? 'strict $.* ? (@.type() == "object" || @.type() == "array")'
  -- 1e400 is a number here, and none in JavaScript.
  and not details @? 'strict $.* ? (@.type() == "number" && (@ > 9007199254740991 || @ < -9007199254740991))'
  and octet_length(action) <= 100
  and octet_length(coalesce(refusal_code, '')) <= 100
  and octet_length(actor_id) <= 1000
  and octet_length(coalesce(office_id, '')) <= 1000
  -- Twice as long where all of it has to be escaped.
  and octet_length(subject) <= 16384 and subject !~ '[[:cntrl:]]'
  and octet_length(details::text) <= 24576
) not valid;
