import { parseCouncilNumber } from '../core/council-number.ts';
import type { CouncilNumber } from '../core/council-number.ts';
import { DomainError } from '../core/errors.ts';
import type { Certificate } from '../pki/certificate.ts';
import { admittancesOf } from './signer-numbers.ts';

/** What the Medical Council said of a licence, and when it was received. */
export interface LicenceChange {
  event: 'suspended' | 'restored' | 'ended' | 'deceased';
  at: Date;
}

/** In the order of the Council's own count; `not-asked`: nobody here hears the Council; `unavailable`: try later. */
export type LicenceRecord = readonly LicenceChange[] | 'not-asked' | 'unavailable';

export interface LicenceHistory {
  /** Empty: the Council has never said anything against it. Rejects when that cannot be promised. */
  changesOf(councilNumber: CouncilNumber): Promise<readonly LicenceChange[]>;
}

/** What is known of the licences of a certificate's holder; failing to read it is told and never taken for a good answer. */
export async function licenceRecordOf(
  certificate: Certificate,
  professionArc: string,
  source: {
    licenceHistory: LicenceHistory | undefined;
    onStatusFault?: ((cause: unknown) => void) | undefined;
  },
): Promise<LicenceRecord> {
  const { licenceHistory, onStatusFault } = source;
  if (!licenceHistory) return 'not-asked';
  try {
    const changes = await Promise.all(
      councilNumbersOf(certificate, professionArc).map((number) => licenceHistory.changesOf(number)),
    );
    return changes.flat();
  } catch (cause) {
    onStatusFault?.(cause);
    return 'unavailable';
  }
}

/** Numbers that no council gives have no licence; that they are wrong is for other rules to say. */
function councilNumbersOf(certificate: Certificate, professionArc: string): CouncilNumber[] {
  try {
    return admittancesOf(certificate, professionArc).flatMap(({ group, registrationNumber }) =>
      registrationNumber === undefined ? [] : [parseCouncilNumber({ group, digits: registrationNumber })],
    );
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    return [];
  }
}
