import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { DomainError } from '../core/errors.ts';
import type { PgNodeView } from '../db/pg-node-view.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/** Throws DomainError `schema-not-ready` when a migration that this version brings has not run. */
export async function assertMigrated(view: Pick<PgNodeView, 'migrations'>): Promise<void> {
  const ran = await view.migrations();
  const wanted = readdirSync(join(PACKAGE_ROOT, 'migrations')).map((name) => name.replace(/\.sql$/, ''));
  const missing = wanted.filter((name) => !ran?.includes(name)).sort();
  if (missing.length === 0) return;
  throw new DomainError(
    'schema-not-ready',
    `the database lacks ${missing.join(', ')}; run \`mohr migrate\`, or start the service with all roles`,
  );
}
