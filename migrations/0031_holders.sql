-- A person whom a certificate was applied for: one row each, made with the first application. Search for people looks here, and
-- what belongs to a person and to no certificate hangs on it.
create table holder (
  id uuid primary key default gen_random_uuid(),
  national_id text not null unique check (national_id ~ '^[0-9]{10}$'),
  given_name text not null,
  surname text not null,
  latin_name text not null,
  council_group text not null,
  council_digits text not null,
  -- As `searchKey` of core/persian-text.ts writes it.
  search_key text not null,
  -- When an officer first, and last, saw the person; null until a certificate was issued on that application.
  first_in_person_at timestamptz,
  last_in_person_at timestamptz,
  check ((first_in_person_at is null) = (last_in_person_at is null))
);

-- Three letters each that stand side by side in the words of a key, and the first two of each word after a space. An inverted
-- index over them finds parts of names without an extension, which would take a superuser.
create function name_parts(key text) returns text[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(distinct substring(' ' || word from n for 3)), '{}')
  from regexp_split_to_table(key, ' ') word, generate_series(1, length(word) - 1) n
  where length(word) > 1
$$;

create index holder_by_name_part on holder using gin (name_parts(search_key));
alter index holder_by_name_part alter column 1 set statistics 500;
create index holder_by_name on holder (search_key, national_id);
create index holder_by_council_number on holder (council_group, council_digits);

-- Applications make and rename holders, whoever writes them. What was only filed renames nobody: somebody may have mistyped it.
create function make_holders() returns trigger language plpgsql as $$
begin
  insert into holder (national_id, given_name, surname, latin_name, council_group, council_digits, search_key)
    select distinct on (national_id) national_id, given_name, surname, latin_name, council_group, council_digits, search_key
    from added order by national_id, id
    on conflict (national_id) do nothing;
  return null;
end $$;
create trigger application_makes_holder after insert on application
  referencing new table as added for each statement execute function make_holders();

create function rename_holders() returns trigger language plpgsql as $$
begin
  update holder h set given_name = a.given_name, surname = a.surname, latin_name = a.latin_name,
    council_group = a.council_group, council_digits = a.council_digits, search_key = a.search_key,
    first_in_person_at = coalesce(h.first_in_person_at, a.filed_at),
    last_in_person_at = greatest(h.last_in_person_at, a.filed_at)
    from (select distinct on (n.national_id) n.* from changed n join before b on b.id = n.id
      where n.state = 'issued' and b.state <> 'issued' order by n.national_id, n.id desc) a
    where h.national_id = a.national_id;
  return null;
end $$;
create trigger application_renames_holder after update on application
  referencing old table as before new table as changed for each statement execute function rename_holders();

insert into holder (national_id, given_name, surname, latin_name, council_group, council_digits, search_key,
    first_in_person_at, last_in_person_at)
  select distinct on (national_id) national_id, given_name, surname, latin_name, council_group, council_digits, search_key,
    min(filed_at) filter (where state = 'issued') over (partition by national_id),
    max(filed_at) filter (where state = 'issued') over (partition by national_id)
  from application order by national_id, (state = 'issued') desc, id desc;

-- Where a holder is reached: of the person, never in a certificate. A mobile number stands here only after Shahkar has said that
-- it is the holder's; the evidence is the register's answer.
create table holder_contact (
  holder_id uuid primary key references holder (id),
  mobile text check (mobile ~ '^09[0-9]{9}$'),
  mobile_answer_id uuid references register_answer (id),
  mobile_at timestamptz,
  email text check (length(email) between 3 and 254),
  email_at timestamptz,
  check ((mobile is null) = (mobile_answer_id is null) and (mobile is null) = (mobile_at is null)),
  check ((email is null) = (email_at is null))
);
