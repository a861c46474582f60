import type { Clock } from '../../core/clock.ts';
import type { Transaction } from '../../core/transaction.ts';
import {
  assertKeyAttestation,
  encodeKeyAttestation,
  parseKeyAttestation,
} from '../../pki/attestation/key-attestation.ts';
import type {
  AttestationFormat,
  AttestationVerdict,
  KeyAttestation,
} from '../../pki/attestation/key-attestation.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { EvidenceVault, SealedContent } from '../evidence/evidence-house.ts';
import { RaError } from '../ra-error.ts';
import type { AttestationOccasion, AttestationStore } from './attestation-store.ts';
import type { AttestationJudge } from './judge-attestation.ts';

/** What a phone shows for its key. */
export interface ShownAttestation {
  format: AttestationFormat;
  statement: readonly Buffer[];
  /** The one that it was asked with. */
  challenge: Buffer;
}

export interface AttestationHouse {
  attestations: AttestationStore;
  vault: EvidenceVault;
  judgeAttestation: AttestationJudge;
  clock: Clock;
}

/** Judged and sealed, so that nothing is waited for in the transaction that uses it. */
export interface PreparedAttestation {
  occasion: AttestationOccasion;
  format: AttestationFormat;
  challenge: Buffer;
  sha256: Buffer;
  content: SealedContent;
  verdict: AttestationVerdict;
  judgedAt: Date;
}

/** Which key, and what it was attested for. */
export interface AttestedKey {
  occasion: AttestationOccasion;
  subject: string;
  subjectPublicKeyInfo: Buffer;
}

/**
 * Judges what a phone shows. Whatever is wrong with it is a verdict, for a key without hardware may be certified as one. Undefined
 * when its challenge is not out: whoever sends the same again at the same time has spent it, which the lock tells.
 */
export async function prepareAttestation(
  house: AttestationHouse,
  { occasion, subject, subjectPublicKeyInfo }: AttestedKey,
  shown: ShownAttestation,
): Promise<PreparedAttestation | undefined> {
  const now = house.clock.now();
  const known = await house.attestations.findChallenge(subject, shown.challenge, now);
  if (!known) return undefined;
  const attestation: KeyAttestation = {
    format: shown.format,
    statement: shown.statement,
    nonce: known.nonce,
  };
  assertKeyAttestation(attestation);
  const octets = encodeKeyAttestation(attestation);
  return {
    occasion,
    format: shown.format,
    challenge: shown.challenge,
    sha256: digest('sha256', octets),
    content: await house.vault.seal(sealedAs(occasion.id), octets),
    verdict: await house.judgeAttestation({ attestation, subjectPublicKeyInfo, subject, now }),
    judgedAt: now,
  };
}

/** In the transaction of the use: the challenge is spent with it. Throws RaError `attestation-challenge-unknown`: the phone asks for another. */
export async function keepAttestation(
  { attestations }: Pick<AttestationHouse, 'attestations'>,
  tx: Transaction,
  prepared: PreparedAttestation | undefined,
): Promise<void> {
  if (!prepared || !(await attestations.takeChallenge(tx, prepared.challenge)))
    throw new RaError(
      'attestation-challenge-unknown',
      'this challenge is over, or was never given: ask for another',
    );
  const { challenge: _, ...kept } = prepared;
  await attestations.keep(tx, kept);
}

/** What came with an activation or a renewal, for the CA, which judges it by itself. */
export async function attestationOf(
  { attestations, vault }: Pick<AttestationHouse, 'attestations' | 'vault'>,
  occasion: AttestationOccasion,
): Promise<KeyAttestation | undefined> {
  const kept = await attestations.of(occasion);
  return kept && parseKeyAttestation(await vault.unseal(sealedAs(occasion.id), kept.content));
}

/** How events tell what was found. */
export function verdictDetails({ sha256, verdict }: PreparedAttestation): Record<string, string> {
  const named = { attestationSha256: sha256.toString('hex') };
  if ('hardware' in verdict) return { ...named, keyHardware: verdict.hardware };
  return { ...named, attestationFault: verdict.fault };
}

/** The id under which it is sealed: the vault derives a key from it, so it is no other content's. */
export function sealedAs(occasionId: string): string {
  return `attestation:${occasionId}`;
}
