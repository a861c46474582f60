import { AuditError } from '../../audit/audit-error.ts';
import { proveEvent } from '../../audit/prove-event.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { IssuanceLog } from '../../validation/dossier/evidence-source.ts';
import type { Stores } from '../stores.ts';
import type { LogPublisher } from './open-log.ts';

/** The next checkpoint may have been begun before the event was there; the one after it has it. */
const ATTEMPTS_MAX = 3;

/**
 * Proofs out of this deployment's log. A certificate that was issued a moment ago is not under a signed checkpoint yet: one is made
 * then.
 */
export function issuanceLog(
  { database, transparency, logKeys }: Pick<Stores, 'database' | 'transparency' | 'logKeys'>,
  { publish }: LogPublisher,
): IssuanceLog {
  const prove = async (certificateSha256: Buffer) =>
    (await proveEvent(transparency, { certificateSha256 })).tlogProof;
  return {
    proofOf: async ({ bytes }) => {
      const fingerprint = digest('sha256', bytes);
      if (!(await transparency.issuedHere(fingerprint))) return undefined;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await prove(fingerprint);
        } catch (error) {
          const isEarly = error instanceof AuditError && error.code === 'proof-not-available';
          if (!isEarly || attempt === ATTEMPTS_MAX) throw error;
          await publish();
        }
      }
    },
    keys: async () => {
      const keys = await database.transaction((tx) => logKeys.listKeys(tx));
      return keys.map(({ noteKey }) => noteKey);
    },
  };
}
