import { parseCertificate } from '../../pki/certificate.ts';
import type { AuthorityRecord } from '../authority/authority-store.ts';
import type { LintReport } from '../lint/lint.ts';
import { CeremonyError } from './ceremony-error.ts';
import { registerAuthority } from './register-authority.ts';
import type { AuthorityTerms, RegisterHouse, RegisterInputs } from './register-authority.ts';

export interface RollOverInputs extends RegisterInputs {
  /** Id of the generation that the new one goes on for. */
  predecessor: string;
}

/**
 * Takes the next key generation of an issuing CA into the deployment. From the next start of the service on it issues, and
 * the earlier one answers for what it has issued: OCSP, CRLs and its own certificate go on. Throws CeremonyError as
 * `registerAuthority`, and `authority-unknown`, `generation-succeeded`, `assurance-level` or `validity`.
 */
export function rollOverIntermediate(house: RegisterHouse, inputs: RollOverInputs): Promise<LintReport[]> {
  return registerAuthority(house, inputs, (known) => succession(inputs, known));
}

function succession(inputs: RollOverInputs, known: readonly AuthorityRecord[]): AuthorityTerms {
  const predecessor = known.find(
    ({ id, keyReference }) => id === inputs.predecessor && keyReference !== undefined,
  );
  if (!predecessor) {
    throw new CeremonyError('authority-unknown', `no issuing CA ${inputs.predecessor} here`);
  }
  const successor = known.find(({ successorOf }) => successorOf === predecessor.id);
  if (successor) {
    throw new CeremonyError(
      'generation-succeeded',
      `${predecessor.id} is succeeded by ${successor.id} already`,
    );
  }
  if (predecessor.assuranceLevel !== inputs.assuranceLevel) {
    const detail = `${predecessor.id} has level ${predecessor.assuranceLevel}, the act says ${inputs.assuranceLevel}`;
    throw new CeremonyError('assurance-level', detail);
  }
  const { notAfter } = parseCertificate(predecessor.certificate);
  if (inputs.certificate.notAfter <= notAfter) {
    const detail = `notAfter ${day(inputs.certificate.notAfter)} is not after ${day(notAfter)} of ${predecessor.id}`;
    throw new CeremonyError('validity', detail);
  }
  const { crlShards, profiles } = predecessor;
  return { crlShards, successorOf: predecessor.id, ...(profiles && { profiles }) };
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
