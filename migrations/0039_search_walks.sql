-- Walking through applications in their order until a page of a name is full: by these indexes alone, without the rows, which are
-- ten times as wide.
create index application_names on application (id) include (search_key);
create index application_names_of_office on application (office_id, id) include (search_key);
-- The second does all that this one did.
drop index application_by_office;
