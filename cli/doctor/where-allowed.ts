import { errorCode } from '../../core/errors.ts';
import type { Examiner } from './diagnosis.ts';

/** insufficient_privilege. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DENIED = '42501';

/** Runs a look at records; what the database user of this process may not see is said to have been left out, and is not taken for well. */
export async function whereAllowed<T>(
  examiner: Examiner,
  what: string,
  look: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (errorCode(error) !== DENIED) throw error;
    examiner.warn(
      `${what}: not looked at, for the database user of this process may not see it`,
      'that is as it should be; run `mohr doctor` as the owner of the database too (docs/OPERATIONS.md)',
    );
    return undefined;
  }
}
