-- The Merkle tree over the events. An identity is drawn before its transaction commits, so that identities are not the order of
-- commits: what has committed is noted here by its own transaction, and gets the next leaf index from whoever sequences.
create table audit_unsequenced (
  event_id bigint primary key
);
-- Whoever may record an event need not be able to touch this table.
create function note_unsequenced() returns trigger language plpgsql security definer set search_path from current as $$
begin
  insert into audit_unsequenced (event_id) select id from added;
  return null;
end $$;
create trigger audit_event_to_sequence after insert on audit_event
  referencing new table as added for each statement execute function note_unsequenced();
insert into audit_unsequenced (event_id) select id from audit_event;

-- Leaves in their order. The commitment is to what is not public of the event, and is public itself.
create table audit_leaf (
  leaf_index bigint primary key check (leaf_index >= 0),
  event_id bigint not null unique references audit_event (id),
  commitment bytea not null check (octet_length(commitment) = 32),
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
);
-- What a commitment is opened with. Without it, nobody can tell what was committed to.
create table audit_salt (
  event_id bigint primary key references audit_event (id),
  salt bytea not null check (octet_length(salt) = 32)
);
create table audit_salt_erasure (
  event_id bigint primary key references audit_event (id),
  erased_at timestamptz not null,
  reason text not null
);
-- Roots of complete subtrees of 256^level leaves.
create table audit_node (
  level smallint check (level between 1 and 7),
  node_index bigint check (node_index >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (level, node_index)
);
create table audit_tree (
  only_row boolean primary key default true check (only_row),
  size bigint not null check (size >= 0)
);
insert into audit_tree (size) values (0);

-- Keys of the log: a public key as verifiers are told it (C2SP signed-note), and where the private one is.
create table audit_log_key (
  note_key text primary key,
  key_reference text not null,
  added_at timestamptz not null
);
create table audit_log_key_retirement (
  note_key text primary key references audit_log_key (note_key),
  retired_at timestamptz not null
);
create table audit_checkpoint (
  tree_size bigint primary key check (tree_size >= 0),
  root_hash bytea not null check (octet_length(root_hash) = 32),
  -- With the signatures of the log's own keys.
  note text not null,
  signed_at timestamptz not null
);
-- RFC 3161, over the SHA-256 of the note.
create table audit_checkpoint_stamp (
  tree_size bigint primary key references audit_checkpoint (tree_size),
  token bytea not null
);
create table audit_cosignature (
  tree_size bigint not null references audit_checkpoint (tree_size),
  witness text not null,
  -- One line of a signed note.
  line text not null,
  received_at timestamptz not null,
  primary key (tree_size, witness)
);

create function refuse_shrinking_tree() returns trigger language plpgsql as $$
begin
  if new.size < old.size then
    raise exception 'the tree has % leaves and cannot have %', old.size, new.size using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger audit_tree_grows before update on audit_tree for each row execute function refuse_shrinking_tree();
create trigger audit_tree_stays before delete on audit_tree for each row execute function refuse_change();

create function refuse_unexplained_erasure() returns trigger language plpgsql as $$
begin
  if exists (select from audit_salt_erasure where event_id = old.event_id) then
    return old;
  end if;
  raise exception 'a salt is erased only where its erasure is on record' using errcode = 'raise_exception';
end $$;
create trigger audit_salt_erased before delete on audit_salt
  for each row execute function refuse_unexplained_erasure();
create trigger audit_salt_unchanged before update on audit_salt for each row execute function refuse_change();

do $$
declare
  name text;
begin
  foreach name in array array['audit_leaf', 'audit_salt_erasure', 'audit_node', 'audit_log_key', 'audit_log_key_retirement',
      'audit_checkpoint', 'audit_checkpoint_stamp', 'audit_cosignature'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()',
      name || '_append_only', name);
  end loop;
  foreach name in array array['audit_leaf', 'audit_salt', 'audit_salt_erasure', 'audit_node', 'audit_tree', 'audit_log_key',
      'audit_log_key_retirement', 'audit_checkpoint', 'audit_checkpoint_stamp', 'audit_cosignature'] loop
    execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()',
      name || '_not_emptied', name);
  end loop;
end $$;

-- A node that tells statuses compares the database with the last checkpoint that it knows: hashes only.
insert into database_grant (role_name, table_name, privilege, columns) values
  ('mohr_ocsp', 'audit_tree', 'select', null),
  ('mohr_ocsp', 'audit_leaf', 'select', '{leaf_index, leaf_hash}'),
  ('mohr_ocsp', 'audit_node', 'select', null),
  ('mohr_ocsp', 'audit_checkpoint', 'select', null),
  ('mohr_crl', 'audit_tree', 'select', null),
  ('mohr_crl', 'audit_leaf', 'select', '{leaf_index, leaf_hash}'),
  ('mohr_crl', 'audit_node', 'select', null),
  ('mohr_crl', 'audit_checkpoint', 'select', null);
select apply_database_grants();
-- Auditors look for what happened in a time.
create index audit_event_by_time on audit_event (at, id);
