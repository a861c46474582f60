import { systemClock } from '../../core/clock.ts';
import { isUuid } from '../../core/ids.ts';
import type { OfficerId } from '../../ra/officer.ts';
import { RaError } from '../../ra/ra-error.ts';
import { createLoginLink } from '../../ra/sign-in.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { withStores } from '../open-database.ts';

const FORM = { usage: 'officer link <officer id> [flags]', operands: 1 };
const OPERATOR = { kind: 'operator', id: 'mohr-officer' } as const;

/**
 * `mohr officer link <id>`: prints a one-time sign-in link, for the first officers of a deployment and for when nobody else can
 * make one. Whoever runs this has the database and the keys anyway; the link is recorded. Resolves to the exit code.
 */
export async function link(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const [id] = line.operands;
  const secret = await withStores(line.settings, async (stores) => {
    if (!isUuid(id))
      throw new RaError('officer-unknown', `no officer ${id}; \`mohr officer list\` names them`);
    const house = { ...stores, transactions: stores.database, clock: systemClock };
    return createLoginLink(house, id as OfficerId, OPERATOR);
  });
  output.write(`${line.settings.consoleUrl}/sign-in#${secret}\n`);
  return 0;
}
