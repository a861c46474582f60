import type { Transaction } from '../../core/transaction.ts';
import { differingFacts, parseApprovalDocument } from '../../pki/approval/approval-document.ts';
import type { ApprovedFacts } from '../../pki/approval/approval-document.ts';
import { approvalProofFault, signerCertificateOf } from '../../pki/approval/approval-proof.ts';
import type { ApprovalProof } from '../../pki/approval/approval-proof.ts';
import { certificateFingerprint } from '../../pki/certificate.ts';
import { messageDigestOf } from '../../pki/cms/message-digest.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { Application } from '../application.ts';
import type { Officer } from '../officer.ts';
import { claimedChallenge } from '../passkeys/challenged-response.ts';
import type { CeremonyJson } from '../passkeys/passkey-ceremony.ts';
import { usePasskey } from '../passkeys/use-passkey.ts';
import { RaError } from '../ra-error.ts';
import type { ApprovalHouse } from './approval-house.ts';
import type { Approval } from './approval-store.ts';

/** How an approval comes back: an assertion of a passkey, or a detached CMS signature by the officer's certificate. */
export type SubmittedProof =
  | { assertion: CeremonyJson; signature?: undefined }
  | { /** DER. */ signature: Buffer; assertion?: undefined };

/**
 * The approval that an officer has signed, once everything about it holds: the document is out for this officer and this version,
 * still says what would be issued, and the signature is by a credential of the officer's own. Takes the document away, in the
 * transaction that decides. Throws RaError `approval-outdated`, `approval-invalid` or `sign-count-regression`.
 */
export async function signedApproval(
  house: ApprovalHouse,
  tx: Transaction,
  officer: Officer,
  application: Application,
  facts: ApprovedFacts,
  submitted: SubmittedProof,
): Promise<Approval> {
  const document = await takeDocument(house, tx, officer, application, claimedDigest(submitted));
  const read = parseApprovalDocument(document);
  if (read.application.version !== application.version || differingFacts(read.certificate, facts).length > 0)
    throw outdated();
  return {
    applicationId: application.id,
    applicationVersion: application.version,
    approvedBy: officer.id,
    document,
    ...(await provedBy(house, tx, officer, document, submitted)),
  };
}

async function takeDocument(
  { challenges, clock }: ApprovalHouse,
  tx: Transaction,
  officer: Officer,
  { id }: Application,
  digest: Buffer | undefined,
): Promise<Buffer> {
  const taken = digest && (await challenges.take(tx, digest, clock.now()));
  if (taken?.purpose === 'approval' && taken.officerId === officer.id && taken.applicationId === id)
    return taken.document;
  throw outdated();
}

async function provedBy(
  house: ApprovalHouse,
  tx: Transaction,
  officer: Officer,
  document: Buffer,
  submitted: SubmittedProof,
): Promise<Pick<Approval, 'proof' | 'approvedAt'>> {
  const signed = submitted.assertion
    ? await passkeyProof(house, tx, submitted.assertion)
    : certificateProof(submitted.signature);
  const proof = signed?.proof;
  // A clock that was set back makes nobody sign before their key was there.
  const approvedAt = later(house.clock.now(), signed?.knownSince);
  const credential = proof && (await house.officerCredentials.find(tx, proof, approvedAt));
  if (credential?.officerId !== officer.id)
    throw new RaError('approval-invalid', 'this was not signed by a credential of yours that is in force');
  const fault = approvalProofFault(document, proof!, credential.key);
  if (fault !== undefined) throw new RaError('approval-invalid', `the signature does not hold: ${fault}`);
  return { proof: proof!, approvedAt };
}

/** What was handed in, read; `knownSince`: when its credential was enrolled. */
interface SignedBy {
  proof: ApprovalProof;
  knownSince?: Date;
}

function later(now: Date, knownSince: Date | undefined): Date {
  return knownSince !== undefined && knownSince > now ? knownSince : now;
}

async function passkeyProof(
  house: ApprovalHouse,
  tx: Transaction,
  response: CeremonyJson,
): Promise<SignedBy | undefined> {
  const used = await usePasskey(house, tx, response, claimedChallenge(response)!);
  if (!used) return undefined;
  const { clientDataJson, authenticatorData, signature } = used.assertion;
  const { credentialId, createdAt } = used.passkey;
  const proof = { method: 'passkey', credentialId, clientDataJson, authenticatorData, signature } as const;
  return { proof, knownSince: createdAt };
}

function certificateProof(signature: Buffer): SignedBy | undefined {
  const signed = readSignedData(signature);
  const certificate = signed && signerCertificateOf(signed);
  return (
    certificate && {
      proof: {
        method: 'certificate',
        certificateSha256: certificateFingerprint(certificate),
        signature,
      },
    }
  );
}

/** Of the document that the officer says to have signed. */
function claimedDigest({ assertion, signature }: SubmittedProof): Buffer | undefined {
  if (assertion) return claimedChallenge(assertion);
  const [signer] = readSignedData(signature)?.signerInfos ?? [];
  return signer && messageDigestOf(signer);
}

function readSignedData(signature: Buffer) {
  try {
    return parseSignedData(signature);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function outdated(): RaError {
  return new RaError(
    'approval-outdated',
    'this is not what would be issued now, or was signed too late; read the approval again and sign that',
  );
}
