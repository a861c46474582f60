-- Up Migration

-- Whoever looks for an action that is rare finds its events without reading all others. Intents and issuances are not in it: they are
-- most of all events, so the newest of them are found from the end, and issuing pays for no further index. Where a long log cannot
-- wait for it, an operator makes it before the upgrade (docs/OPERATIONS.md): what is there is not made again.
create index if not exists audit_event_by_rare_action on audit_event (action, id)
  where action <> 'intend-certificate' and action <> 'issue-certificate';
