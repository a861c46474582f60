import { join } from 'node:path';

import { grantRoles, migrate } from '../db/migrate.ts';
import { openEmbedded } from '../db/open-embedded.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { USAGE_EXIT_CODE, readCommandLine } from './command-line.ts';
import type { Output } from './command-line.ts';
import { PACKAGE_ROOT } from './package-root.ts';

const FORM = { usage: 'migrate [flags]', operands: 0 };

/** `mohr migrate`: what the whole service does at its start, by itself; safe to run again. Resolves to the exit code. */
export async function migrateDatabase(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { databaseUrl, dataDirectory } = line.settings;
  const opened = databaseUrl ? await openPostgres(databaseUrl) : await openEmbedded(dataDirectory);
  try {
    const names = await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
    output.write(names.length > 0 ? names.map((name) => `ran ${name}\n`).join('') : 'nothing to migrate\n');
    const missing = await grantRoles(opened.pool);
    if (missing.length > 0)
      output.write(
        `roles that are missing: ${missing.join(', ')}. This user may not create them: an administrator runs what \`mohr database roles\` prints, and then this is run again\n`,
      );
  } finally {
    await opened.close();
  }
  return 0;
}
