import { randomBytes } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { NONCE_OCTETS, attestationChallenge } from '../../pki/attestation/key-attestation.ts';
import type { AttestationChallenge, AttestationStore } from './attestation-store.ts';

/** A phone makes its key at once; ten minutes let a slow secure element and a slow network finish. */
const CHALLENGE_SECONDS = 600;

export interface ChallengeHouse {
  attestations: AttestationStore;
  transactions: TransactionRunner;
  clock: Clock;
}

/** What the phone has its key attested with. Asked for an application or certificate that does not exist, it is answered alike. */
export async function challengeForAttestation(
  { attestations, transactions, clock }: ChallengeHouse,
  subject: string,
): Promise<AttestationChallenge> {
  const nonce = randomBytes(NONCE_OCTETS);
  const now = clock.now();
  const challenge = {
    challenge: attestationChallenge(nonce, subject),
    nonce,
    subject,
    expiresAt: new Date(now.getTime() + CHALLENGE_SECONDS * 1000),
  };
  await transactions.transaction((tx) => attestations.insertChallenge(tx, challenge, now));
  return challenge;
}
