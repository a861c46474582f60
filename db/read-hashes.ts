import type { QueryConfig } from 'pg';

import { DbError } from './db-error.ts';

type Query = (statement: QueryConfig) => Promise<unknown[]>;

/** Hashes of one level of the log's tree, joined; throws DbError when one is missing. */
export async function readHashes(query: Query, level: number, start: number, count: number): Promise<Buffer> {
  const ofLeaves = level === 0;
  const rows = (await query({
    name: ofLeaves ? 'audit-leaf-hashes' : 'audit-node-hashes',
    text: ofLeaves
      ? `select leaf_hash as hash from audit_leaf
        where leaf_index >= $1::bigint and leaf_index < $1::bigint + $2::bigint order by leaf_index`
      : `select hash from audit_node
        where level = $3 and node_index >= $1::bigint and node_index < $1::bigint + $2::bigint order by node_index`,
    values: ofLeaves ? [start, count] : [start, count, level],
  })) as { hash: Buffer }[];
  if (rows.length === count) return Buffer.concat(rows.map(({ hash }) => hash));
  throw new DbError(
    'log-damaged',
    `the log has ${rows.length} of ${count} hashes of level ${level} at ${start}`,
  );
}
