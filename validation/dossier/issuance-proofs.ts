import { DomainError } from '../../core/errors.ts';
import { evidenceObject } from '../etsi-report/evidence-object.ts';
import type { EvidenceObject } from '../etsi-report/evidence-object.ts';
import type { PresentedDocument } from '../presented-signature.ts';
import type { IssuanceLog } from './evidence-source.ts';

export interface IssuanceProofs {
  objects: EvidenceObject[];
  /** Of the log, where anything is proven. */
  keys: string[];
  missing: string[];
}

/** That the signers' certificates were issued by this house, as its transparency log has it; each thing once. */
export async function issuanceProofs(
  { signatures }: PresentedDocument,
  log: IssuanceLog | undefined,
): Promise<IssuanceProofs> {
  const certificates = new Map(
    signatures.flatMap(({ signingCertificate: { certificate } }) =>
      certificate ? [[certificate.bytes.toString('base64'), certificate] as const] : [],
    ),
  );
  const objects: EvidenceObject[] = [];
  const missing: string[] = [];
  for (const certificate of log ? certificates.values() : []) {
    try {
      const proof = await log?.proofOf(certificate);
      if (proof !== undefined) objects.push(evidenceObject('other', Buffer.from(proof)));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      missing.push('the log cannot prove yet that the certificate was issued');
    }
  }
  return { objects, missing, keys: log && objects.length > 0 ? await log.keys() : [] };
}
