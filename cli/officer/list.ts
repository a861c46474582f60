import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { withStores } from '../open-database.ts';

const FORM = { usage: 'officer list [--json] [flags]', operands: 0, switches: ['json'] };

/** `mohr officer list`: ids, roles and names of those in office. Resolves to the exit code. */
export async function list(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const officers = (await withStores(line.settings, ({ offices }) => offices.listOfficers())).filter(
    ({ removedAt }) => !removedAt,
  );
  const rows = officers.map(({ id, officeId, name, roles, passkeys }) => ({
    id,
    officeId,
    name,
    roles,
    passkeys,
  }));
  output.write(
    line.switches.has('json')
      ? `${JSON.stringify(rows)}\n`
      : rows.map(({ id, name, roles }) => `${id}  ${roles.join(' ')}  ${name}\n`).join(''),
  );
  return 0;
}
