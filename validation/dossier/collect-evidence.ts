import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { evidenceObject } from '../etsi-report/evidence-object.ts';
import type { EvidenceKind, EvidenceObject } from '../etsi-report/evidence-object.ts';
import type { PresentedDocument, PresentedSignature } from '../presented-signature.ts';
import type { EvidenceSource } from './evidence-source.ts';

export interface Evidence {
  objects: EvidenceObject[];
  /** Why some of it is not there, for people. */
  missing: string[];
}

/** What the signatures brought along, and what is known here of their certificates; each thing once. */
export async function collectEvidence(
  { signatures }: PresentedDocument,
  source: EvidenceSource,
): Promise<Evidence> {
  const all = signatures.flatMap(withCounterSignatures);
  const tokens = all.flatMap(({ timeStamps }) => timeStamps.map(({ token }) => token));
  const stampers = tokens.flatMap(certificatesOfToken);
  const signers = all.flatMap(({ signingCertificate }) => signingCertificate.certificate ?? []);
  const embedded = [...all.flatMap(({ certificates }) => certificates), ...stampers];
  const { collected, missing } = await collect([...signers, ...stampers], embedded, source);
  const objects = [
    ...of('certificate', [...embedded.map(({ bytes }) => bytes), ...collected.certificates]),
    ...all.flatMap(({ revocation }) => revocation.map(({ kind, bytes }) => embeddedObject(kind, bytes))),
    ...of('crl', collected.crls),
    ...of('ocsp-response', collected.ocspResponses),
    ...of('time-stamp', tokens),
    ...of(
      'signed-data',
      signatures.flatMap(({ contents }) => contents.map(({ bytes }) => bytes)),
    ),
  ];
  return { objects: [...new Map(objects.map((object) => [object.id, object])).values()], missing };
}

const NOTHING = { certificates: [], crls: [], ocspResponses: [] };

async function collect(
  certificates: readonly Certificate[],
  embedded: readonly Certificate[],
  source: EvidenceSource,
) {
  if (certificates.length === 0) return { collected: NOTHING, missing: [] };
  try {
    return { collected: await source.materialFor(certificates, embedded), missing: [] };
  } catch {
    // A signature of strangers has a verdict too; what it lacks is said in the report.
    return {
      collected: NOTHING,
      missing: ['issuers and statuses of its certificates are not to be had here'],
    };
  }
}

function withCounterSignatures(signature: PresentedSignature): PresentedSignature[] {
  return [signature, ...signature.counterSignatures.flatMap(withCounterSignatures)];
}

/** A token that cannot be read has had its verdict already. */
function certificatesOfToken(token: Buffer): readonly Certificate[] {
  try {
    return parseTimeStampToken(token).signedData.certificates;
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [];
  }
}

const KINDS: Record<string, EvidenceKind> = { crl: 'crl', 'ocsp-response': 'ocsp-response' };

function embeddedObject(kind: string, bytes: Buffer): EvidenceObject {
  return evidenceObject(KINDS[kind] ?? 'other', bytes);
}

function of(kind: EvidenceKind, list: readonly Uint8Array[]): EvidenceObject[] {
  return list.map((bytes) => evidenceObject(kind, bytes));
}
