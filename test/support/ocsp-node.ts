import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import pg from 'pg';

import type { Output } from '../../cli/command-line.ts';
import { enrolResponders } from '../../cli/keys/enrol-responders.ts';
import { requestResponders } from '../../cli/keys/request-responders.ts';

export interface NodeOptions {
  nodeName: string;
  /** Where the node has its keys; made here. */
  dataDirectory: string;
  /** The deployment's database, as its owner. */
  databaseUrl: string;
  /** Keys to ask certificates for; default 1. */
  count?: number;
}

/** Makes the keys of a node and enrols them, as docs/OPERATIONS.md says; the running house certifies them. */
export async function enrolNode({
  nodeName,
  dataDirectory,
  databaseUrl,
  count = 1,
}: NodeOptions): Promise<void> {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const file = join(dataDirectory, `${randomBytes(4).toString('hex')}.json`);
  const node = ['--node-name', nodeName, '--data-dir', dataDirectory, '--count', String(count)];
  const made = await requestResponders([file, '--authorities', 'bronze', ...node], SILENT);
  const enrolled = await enrolResponders([file, '--database-url', databaseUrl], SILENT);
  if (made !== 0 || enrolled !== 0) throw new Error(`keys of ${nodeName}: ${made}, ${enrolled}`);
}

const SILENT: Output = { write: () => true };

/** A user of its own for a node, with a password; the URL is that of the deployment's database for this user. */
export async function createNodeUser(
  databaseUrl: string,
  memberOf: readonly string[],
): Promise<{ url: string; name: string; drop: () => Promise<void> }> {
  const name = `node_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await execute(databaseUrl, `create role ${name} login password '${password}'`);
  for (const role of memberOf) await execute(databaseUrl, `grant ${role} to ${name}`);
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = password;
  return { url: url.href, name, drop: () => execute(databaseUrl, `drop role ${name}`) };
}

/** Gives a server's first database the roles and users of docs/deployment/roles.sql. */
export async function createRoles(url: string): Promise<void> {
  const sql = readFileSync(new URL('../../docs/deployment/roles.sql', import.meta.url), 'utf8');
  await execute(url, sql.replace('database mohr', 'database postgres'));
}

/** The same database for the user that docs/deployment/roles.sql makes for a node. */
export function asNodeUser(url: string): string {
  const ofNode = new URL(url);
  [ofNode.username, ofNode.password] = ['ocsp_1', 'change-me'];
  return ofNode.href;
}

/** One statement on a connection of its own. */
export async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
