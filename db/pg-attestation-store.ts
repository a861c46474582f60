import type { Transaction } from '../core/transaction.ts';
import type { AttestationVerdict, KeyHardware } from '../pki/attestation/key-attestation.ts';
import type {
  AttestationChallenge,
  AttestationOccasion,
  AttestationStore,
  KeptAttestation,
} from '../ra/enrolment/attestation-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

const KEPT_IN: Readonly<Record<AttestationOccasion['kind'], string>> = {
  activation: 'key_attestation (activation_id',
  renewal: 'renewal_attestation (renewal_id',
};

const FOUND_IN: Readonly<Record<AttestationOccasion['kind'], string>> = {
  activation: 'key_attestation where activation_id',
  renewal: 'renewal_attestation where renewal_id',
};

/** Applications stand in a column of their own. */
const OF_SUBJECT = `coalesce(subject, 'application:' || application_id)`;

/** Of one application or certificate; whoever asks for more pushes out the oldest. */
const CHALLENGES_PER_SUBJECT_MAX = 5;

interface ChallengeRow {
  challenge: Buffer;
  nonce: Buffer;
  expires_at: Date;
}

interface AttestationRow {
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
    { challenge, nonce, subject, expiresAt }: AttestationChallenge,
    now: Date,
  ): Promise<void> {
    const ofApplication = /^application:(?<id>.+)$/.exec(subject)?.groups?.['id'];
    const [applicationId, certificate] = [
      ofApplication ?? null,
      ofApplication === undefined ? subject : null,
    ];
    await pg(tx).execute({
      text: 'delete from attestation_challenge where expires_at <= $1',
      values: [now],
    });
    await pg(tx).execute({
      text: `delete from attestation_challenge where challenge in (
          select challenge from attestation_challenge where application_id = $1::uuid or subject = $3
          order by number desc offset $2)`,
      values: [applicationId, CHALLENGES_PER_SUBJECT_MAX - 1, certificate],
    });
    await pg(tx).execute({
      text: `insert into attestation_challenge (challenge, nonce, application_id, subject, expires_at)
        values ($1, $2, $3, $4, $5)`,
      values: [challenge, nonce, applicationId, certificate, expiresAt],
    });
  }

  async findChallenge(
    subject: string,
    challenge: Buffer,
    now: Date,
  ): Promise<AttestationChallenge | undefined> {
    const [row] = await this.#database.query<ChallengeRow>({
      text: `select challenge, nonce, expires_at from attestation_challenge
        where challenge = $1 and ${OF_SUBJECT} = $2 and expires_at > $3`,
      values: [challenge, subject, now],
    });
    return (
      row && {
        challenge: row.challenge,
        nonce: row.nonce,
        subject,
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
      text: `insert into ${KEPT_IN[kept.occasion.kind]}, format, sha256, key_id, sealed, hardware, fault, judged_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        kept.occasion.id,
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

  async of(occasion: AttestationOccasion): Promise<KeptAttestation | undefined> {
    const [row] = await this.#database.query<AttestationRow>({
      text: `select format, sha256, key_id, sealed, hardware, fault, judged_at from ${FOUND_IN[occasion.kind]} = $1`,
      values: [occasion.id],
    });
    return (
      row && {
        occasion,
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
