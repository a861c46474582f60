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
import type { ActivationId } from '../activation/activation.ts';
import { originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import type { EvidenceVault, SealedContent } from '../evidence/evidence-house.ts';
import { RaError } from '../ra-error.ts';
import type { AttestationStore } from './attestation-store.ts';
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
  format: AttestationFormat;
  challenge: Buffer;
  sha256: Buffer;
  content: SealedContent;
  verdict: AttestationVerdict;
  judgedAt: Date;
}

/**
 * Judges what a phone shows. Whatever is wrong with it is a verdict, for a key without hardware may be certified as one. Undefined
 * when its challenge is not out: whoever sends the same again at the same time has spent it, which the lock tells.
 */
export async function prepareAttestation(
  house: AttestationHouse,
  activation: { id: ActivationId; applicationId: ApplicationId },
  subjectPublicKeyInfo: Buffer,
  shown: ShownAttestation,
): Promise<PreparedAttestation | undefined> {
  const { applicationId } = activation;
  const now = house.clock.now();
  const known = await house.attestations.findChallenge(applicationId, shown.challenge, now);
  if (!known) return undefined;
  const attestation: KeyAttestation = {
    format: shown.format,
    statement: shown.statement,
    nonce: known.nonce,
  };
  assertKeyAttestation(attestation);
  const origin = originOf(applicationId);
  const octets = encodeKeyAttestation(attestation);
  return {
    format: shown.format,
    challenge: shown.challenge,
    sha256: digest('sha256', octets),
    content: await house.vault.seal(sealedAs(activation.id), octets),
    verdict: await house.judgeAttestation({ attestation, subjectPublicKeyInfo, origin, now }),
    judgedAt: now,
  };
}

/** In the transaction of the use: the challenge is spent with it. Throws RaError `attestation-challenge-unknown`: the phone asks for another. */
export async function keepAttestation(
  { attestations }: Pick<AttestationHouse, 'attestations'>,
  tx: Transaction,
  activationId: ActivationId,
  prepared: PreparedAttestation | undefined,
): Promise<void> {
  if (!prepared || !(await attestations.takeChallenge(tx, prepared.challenge)))
    throw new RaError(
      'attestation-challenge-unknown',
      'this challenge is over, or was never given: ask for another',
    );
  const { challenge: _, ...kept } = prepared;
  await attestations.keep(tx, { activationId, ...kept });
}

/** What came with an activation, for the CA, which judges it by itself. */
export async function attestationOf(
  { attestations, vault }: Pick<AttestationHouse, 'attestations' | 'vault'>,
  activationId: ActivationId,
): Promise<KeyAttestation | undefined> {
  const kept = await attestations.of(activationId);
  return kept && parseKeyAttestation(await vault.unseal(sealedAs(activationId), kept.content));
}

/** How events tell what was found. */
export function verdictDetails({ sha256, verdict }: PreparedAttestation): Record<string, string> {
  const named = { attestationSha256: sha256.toString('hex') };
  if ('hardware' in verdict) return { ...named, keyHardware: verdict.hardware };
  return { ...named, attestationFault: verdict.fault };
}

/** The id under which it is sealed: the vault derives a key from it, so it is no other content's. */
export function sealedAs(activationId: string): string {
  return `attestation:${activationId}`;
}
