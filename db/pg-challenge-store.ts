import type { Transaction } from '../core/transaction.ts';
import type { Challenge, ChallengeStore } from '../ra/passkeys/challenge-store.ts';
import { pg } from './pg-transaction.ts';

interface ChallengeRow {
  challenge: Buffer;
  purpose: Challenge['purpose'];
  officer_id: string | null;
  application_id: string | null;
  document: Buffer | null;
  expires_at: Date;
}

export class PgChallengeStore implements ChallengeStore {
  async insert(tx: Transaction, challenge: Challenge, now: Date): Promise<void> {
    await pg(tx).execute({
      text: 'delete from ceremony_challenge where expires_at <= $1',
      values: [now],
    });
    await pg(tx).execute({
      text: `insert into ceremony_challenge (challenge, purpose, officer_id, application_id, document, expires_at)
        values ($1, $2, $3, $4, $5, $6)`,
      values: [
        challenge.challenge,
        challenge.purpose,
        'officerId' in challenge ? challenge.officerId : null,
        'applicationId' in challenge ? challenge.applicationId : null,
        'document' in challenge ? challenge.document : null,
        challenge.expiresAt,
      ],
    });
  }

  async take(tx: Transaction, challenge: Buffer, now: Date): Promise<Challenge | undefined> {
    const [row] = await pg(tx).query<ChallengeRow>({
      text: `delete from ceremony_challenge where challenge = $1 and expires_at > $2
        returning challenge, purpose, officer_id, application_id, document, expires_at`,
      values: [challenge, now],
    });
    return row && challengeOf(row);
  }
}

/** The table's checks say which columns go with which purpose. */
function challengeOf(row: ChallengeRow): Challenge {
  return {
    challenge: row.challenge,
    purpose: row.purpose,
    expiresAt: row.expires_at,
    ...(row.officer_id !== null && { officerId: row.officer_id }),
    ...(row.application_id !== null && { applicationId: row.application_id }),
    ...(row.document && { document: row.document }),
  } as Challenge;
}
