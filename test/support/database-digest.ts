import type { TestService } from './test-service.ts';

/** What is written because somebody asked, or because time passes. */
const NOTED = [
  'audit_checkpoint',
  'audit_checkpoint_stamp',
  'audit_event',
  'audit_leaf',
  'audit_log_key',
  'audit_node',
  'audit_salt',
  'audit_tree',
  'audit_unsequenced',
  'officer_session',
  'status_heartbeat',
];

/** A digest of every table's rows: two that are the same say that nothing was written between them. */
export async function databaseDigest({ house }: TestService): Promise<Record<string, string>> {
  const { database } = house.stores;
  const tables = await database.query<{ name: string }>({
    text: `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`,
  });
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    if (NOTED.includes(name)) continue;
    const [{ digest }] = await database.query<{ digest: string }>({
      text: `select md5(coalesce(string_agg(row::text, '|' order by row::text), '')) as digest from "${name}" as row`,
    });
    digests[name] = digest;
  }
  return digests;
}
