import { DATABASE_ROLES } from '../../db/database-roles.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';

const FORM = { usage: 'database roles', operands: 1 };

/** `mohr database roles`: the SQL that makes what roles are missing, for an administrator of the server. Resolves to the exit code. */
export async function database(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line || line.operands[0] !== 'roles') return USAGE_EXIT_CODE;
  output.write(rolesSql());
  return 0;
}

/** Safe to run again: what is there stays. */
function rolesSql(): string {
  const width = Math.max(...DATABASE_ROLES.map(({ name }) => name.length));
  return `-- As an administrator of the server (a user that may create roles), once; then run \`mohr migrate\`, which grants the rights.
do $$ begin
${DATABASE_ROLES.map(
  ({ name, member }) =>
    `  if not exists (select from pg_roles where rolname = '${name}') then create role ${name.padEnd(width)} nologin; end if; -- ${member}`,
).join('\n')}
end $$;

-- Then a user for each process, e.g.: create role ra_1 login password '…' connection limit 30 in role mohr_ra;
`;
}
