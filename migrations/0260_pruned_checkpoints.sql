-- A checkpoint every few seconds for fifteen years is more than anybody reads. What stands for ever: the newest, those of the last day,
-- those with a time stamp, the last of each 256 leaves, and the newest that each witness has cosigned. Of the others, everything that
-- they say of leaves is said by a later one that stays (docs/adr/0147-checkpoints-that-say-nothing-more-are-let-go.md).
create index audit_cosignature_by_witness on audit_cosignature (witness, tree_size);

do $body$
declare
  here text := quote_ident(current_schema());
begin
  -- Tables are named with their schema, and temporary ones come last: whoever deletes could lay one of his own over them. It says
  -- nothing of anybody, so that also nodes that read no cosignatures may ask.
  execute replace($create$
    create function is_checkpoint_prunable(size bigint) returns boolean language sql stable security definer
      set search_path = pg_catalog, pg_temp
    as $$
      select exists (select from @.audit_checkpoint c where c.tree_size = size
        and c.signed_at < statement_timestamp() - interval '1 day'
        and exists (select from @.audit_checkpoint later where later.tree_size > c.tree_size
          and later.tree_size <= ((c.tree_size - 1) / 256 + 1) * 256)
        and not exists (select from @.audit_checkpoint_stamp s where s.tree_size = c.tree_size)
        and not exists (select from @.audit_cosignature k where k.tree_size = c.tree_size
          and not exists (select from @.audit_cosignature later
            where later.witness = k.witness and later.tree_size > k.tree_size)))
    $$
  $create$, '@', here);
  execute replace($create$
    create function refuse_unprunable() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
      if @.is_checkpoint_prunable(old.tree_size) then
        return old;
      end if;
      raise exception '% is append-only; the checkpoint of % leaves is none that may be let go', tg_table_name, old.tree_size
        using errcode = 'raise_exception';
    end $$
  $create$, '@', here);
end $body$;

drop trigger audit_checkpoint_append_only on audit_checkpoint;
create trigger audit_checkpoint_append_only before update on audit_checkpoint for each row execute function refuse_change();
create trigger audit_checkpoint_pruned before delete on audit_checkpoint for each row execute function refuse_unprunable();
drop trigger audit_cosignature_append_only on audit_cosignature;
create trigger audit_cosignature_append_only before update on audit_cosignature for each row execute function refuse_change();
create trigger audit_cosignature_pruned before delete on audit_cosignature for each row execute function refuse_unprunable();

insert into database_grant (role_name, table_name, privilege, columns) values
  ('mohr_ca', 'audit_checkpoint', 'delete', null),
  ('mohr_ca', 'audit_cosignature', 'delete', null);
select apply_database_grants();
