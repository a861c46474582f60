import type { CouncilNumber } from '../../core/council-number.ts';
import { gatherQuestions } from '../../core/gathered-questions.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { LicenceChange, LicenceHistory } from '../licence-history.ts';
import type { StatusHistory } from '../status-history.ts';

export interface CertificateKey {
  authorityId: string;
  /** Contents octets. */
  serialNumber: Uint8Array;
}

/**
 * What the deployment knows, asked for many at once, each answer in its question's place. As current as StatusHistory: what was
 * acknowledged before the call is in the answer.
 */
export interface ValidationRecords {
  /** Ids of the authorities that issue with these certificates (DER). */
  authoritiesOf(certificates: readonly Uint8Array[]): Promise<readonly (string | undefined)[]>;
  statusChangesOf(keys: readonly CertificateKey[]): Promise<readonly (readonly StatusChange[])[]>;
  licenceChangesOf(numbers: readonly CouncilNumber[]): Promise<readonly (readonly LicenceChange[])[]>;
}

/** Most that is asked for at once: what a statement of the database takes in a few milliseconds. */
const GATHERED_MAX = 500;

/** Histories that gather what is asked in one turn of the event loop. Nothing of a status is kept: the next document asks again. */
export function gatheredHistories(records: ValidationRecords): {
  statusHistory: StatusHistory;
  licenceHistory: LicenceHistory;
} {
  const changesOf = gatherQuestions<CertificateKey, readonly StatusChange[]>(
    (keys) => records.statusChangesOf(keys),
    GATHERED_MAX,
  );
  const licenceChangesOf = gatherQuestions<CouncilNumber, readonly LicenceChange[]>(
    (numbers) => records.licenceChangesOf(numbers),
    GATHERED_MAX,
  );
  // That a certificate is an authority's stays so for ever; that it is none may change.
  const authorities = new WeakMap<Certificate, string>();
  const authorityOf = gatherQuestions<Certificate, string | undefined>(
    (certificates) => records.authoritiesOf(certificates.map(({ bytes }) => bytes)),
    GATHERED_MAX,
  );
  return {
    statusHistory: {
      async authorityOf(certificate) {
        const known = authorities.get(certificate) ?? (await authorityOf(certificate));
        if (known !== undefined) authorities.set(certificate, known);
        return known;
      },
      changesOf: (authorityId, serialNumber) => changesOf({ authorityId, serialNumber }),
    },
    licenceHistory: { changesOf: (number) => licenceChangesOf(number) },
  };
}
