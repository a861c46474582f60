import { errorCode } from '../core/errors.ts';
import type { Transaction } from '../core/transaction.ts';
import type { PairingStore } from '../signing/sessions/pairing-store.ts';
import type { SessionCredential, SessionId, SessionWithContent } from '../signing/sessions/session.ts';
import { pg } from './pg-transaction.ts';
import { SESSION_COLUMNS, sessionOf } from './session-row.ts';
import type { SessionRow } from './session-row.ts';

export class PgPairingStore implements PairingStore {
  async lockPaired(tx: Transaction, pairingSha256: Buffer): Promise<SessionWithContent | undefined> {
    const [row] = await pg(tx).query<SessionRow>({
      name: 'session-lock-paired',
      text: `select ${SESSION_COLUMNS} from signature_session s where pairing_sha256 = $1 for update`,
      values: [pairingSha256],
    });
    return row && sessionOf(row);
  }

  async claim(tx: Transaction, id: SessionId, credential: SessionCredential, at: Date): Promise<boolean> {
    // Somebody may be opening a session for the same credential: the unique index knows first.
    await pg(tx).execute({ text: 'savepoint claim' });
    try {
      await pg(tx).execute({
        name: 'session-claim',
        text: `update signature_session set authority_id = $2, serial_number = $3, certificate_sha256 = $4,
          pairing_claimed_at = $5 where id = $1`,
        values: [id, credential.authorityId, credential.serialNumber, credential.certificateSha256, at],
      });
      return true;
    } catch (error) {
      if (errorCode(error) !== '23505') throw error;
      await pg(tx).execute({ text: 'rollback to savepoint claim' });
      return false;
    }
  }

  async countPairingRefusal(tx: Transaction, id: SessionId): Promise<void> {
    await pg(tx).execute({
      name: 'session-pairing-refusal',
      text: 'update signature_session set pairing_refusals = pairing_refusals + 1 where id = $1',
      values: [id],
    });
  }

  async renewPairing(tx: Transaction, id: SessionId, pairingSha256: Buffer): Promise<boolean> {
    const renewed = await pg(tx).execute({
      name: 'session-pairing-renew',
      text: `update signature_session set pairing_sha256 = $2
        where id = $1 and pairing_sha256 is not null and pairing_claimed_at is null and ended_at is null`,
      values: [id, pairingSha256],
    });
    return renewed === 1;
  }
}
