import type { Transaction } from '../core/transaction.ts';
import type { AttestationVerdict, KeyHardware } from '../pki/attestation/key-attestation.ts';
import type { ActivationId } from '../ra/activation/activation.ts';
import type { ApplicationId } from '../ra/application.ts';
import type {
  AttestationChallenge,
  AttestationStore,
  KeptAttestation,
} from '../ra/enrolment/attestation-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

/** Of one application; whoever asks for more pushes out the oldest. */
const CHALLENGES_PER_APPLICATION_MAX = 5;

interface ChallengeRow {
  challenge: Buffer;
  nonce: Buffer;
  application_id: ApplicationId;
  expires_at: Date;
}

interface AttestationRow {
  activation_id: ActivationId;
  format: KeptAttestation['format'];
  sha256: Buffer;
  key_id: string;
  sealed: Buffer;
  hardware: KeyHardware | null;
  fault: string | null;
  judged_at: Date;
}

export class PgAttestationStore implements AttestationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertChallenge(
    tx: Transaction,
    { challenge, nonce, applicationId, expiresAt }: AttestationChallenge,
    now: Date,
  ): Promise<void> {
    await pg(tx).execute({
      text: 'delete from attestation_challenge where expires_at <= $1',
      values: [now],
    });
    await pg(tx).execute({
      text: `delete from attestation_challenge where challenge in (
          select challenge from attestation_challenge where application_id = $1
          order by number desc offset $2)`,
      values: [applicationId, CHALLENGES_PER_APPLICATION_MAX - 1],
    });
    await pg(tx).execute({
      text: `insert into attestation_challenge (challenge, nonce, application_id, expires_at) values ($1, $2, $3, $4)`,
      values: [challenge, nonce, applicationId, expiresAt],
    });
  }

  async findChallenge(
    applicationId: ApplicationId,
    challenge: Buffer,
    now: Date,
  ): Promise<AttestationChallenge | undefined> {
    const [row] = await this.#database.query<ChallengeRow>({
      text: `select challenge, nonce, application_id, expires_at from attestation_challenge
        where challenge = $1 and application_id = $2 and expires_at > $3`,
      values: [challenge, applicationId, now],
    });
    return (
      row && {
        challenge: row.challenge,
        nonce: row.nonce,
        applicationId: row.application_id,
        expiresAt: row.expires_at,
      }
    );
  }

  async takeChallenge(tx: Transaction, challenge: Buffer): Promise<boolean> {
    const taken = await pg(tx).execute({
      text: 'delete from attestation_challenge where challenge = $1',
      values: [challenge],
    });
    return taken === 1;
  }

  async keep(tx: Transaction, kept: KeptAttestation): Promise<void> {
    const { verdict } = kept;
    await pg(tx).execute({
      text: `insert into key_attestation (activation_id, format, sha256, key_id, sealed, hardware, fault, judged_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        kept.activationId,
        kept.format,
        kept.sha256,
        kept.content.keyId,
        kept.content.sealed,
        'hardware' in verdict ? verdict.hardware : null,
        'fault' in verdict ? verdict.fault : null,
        kept.judgedAt,
      ],
    });
  }

  async of(activationId: ActivationId): Promise<KeptAttestation | undefined> {
    const [row] = await this.#database.query<AttestationRow>({
      text: `select activation_id, format, sha256, key_id, sealed, hardware, fault, judged_at from key_attestation
        where activation_id = $1`,
      values: [activationId],
    });
    return (
      row && {
        activationId: row.activation_id,
        format: row.format,
        sha256: row.sha256,
        content: { keyId: row.key_id, sealed: row.sealed },
        verdict: verdictOf(row),
        judgedAt: row.judged_at,
      }
    );
  }
}

/** The table's check says that there is one of the two. */
function verdictOf({ hardware, fault }: Pick<AttestationRow, 'hardware' | 'fault'>): AttestationVerdict {
  return hardware === null ? { fault: fault! } : { hardware };
}
