import { errorCode } from '../core/errors.ts';
import type { Transaction } from '../core/transaction.ts';
import type { CredentialId } from '../signing/sessions/credential.ts';
import type { SessionId } from '../signing/sessions/session.ts';
import type { Opening, SessionSteps, Signing } from '../signing/sessions/session-steps.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';
import { RepeatTransaction } from './repeat-transaction.ts';
import type { SessionRow } from './session-row.ts';
import { openingStatement } from './session-opening-statement.ts';
import { signingStatement } from './session-signing-statement.ts';

export class PgSessionSteps implements SessionSteps {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async tryOpen(opening: Opening, tx?: Transaction): Promise<{ pushes: number } | undefined> {
    const [row] = await this.#within(tx).query<{ pushes: number }>(openingStatement(opening));
    return row;
  }

  async tryDeliver(id: SessionId, at: Date): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'session-try-deliver',
      text: `update signature_session set state = 'DELIVERED', delivered_at = $2
        where id = $1 and state = 'CREATED' and expires_at > $2 returning id`,
      values: [id, at],
    });
    return rows.length === 1;
  }

  async tryDisplay(
    { authorityId, serialNumber }: CredentialId,
    id: SessionId,
    { displaySha256, at, signingTime }: { displaySha256: Buffer; at: Date; signingTime: Date },
  ): Promise<readonly string[] | undefined> {
    const [row] = await this.#database.query<Pick<SessionRow, 'code_choices'>>({
      name: 'session-try-display',
      text: `update signature_session set state = 'DISPLAYED', displayed_at = $5, signing_time = $6
        where id = $1 and authority_id = $2 and serial_number = $3 and state = 'DELIVERED' and display_sha256 = $4
          and expires_at > $5
        returning code_choices`,
      values: [id, authorityId, serialNumber, displaySha256, at, signingTime],
    });
    return row?.code_choices;
  }

  async tryConfirm(
    { authorityId, serialNumber }: CredentialId,
    id: SessionId,
    code: string,
    at: Date,
  ): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'session-try-confirm',
      text: `update signature_session set code_confirmed_at = $5
        where id = $1 and authority_id = $2 and serial_number = $3 and state = 'DISPLAYED' and verification_code = $4
          and expires_at > $5 and code_confirmed_at is null
        returning id`,
      values: [id, authorityId, serialNumber, code, at],
    });
    return rows.length === 1;
  }

  async trySign(signing: Signing, tx?: Transaction): Promise<boolean> {
    try {
      const [{ ended }] = await this.#within(tx).query<{ ended: number }>(signingStatement(signing));
      return ended === 1;
    } catch (error) {
      // Another session got the same signature at this very moment; once more, it is seen.
      if (errorCode(error) !== '23505') throw error;
      if (tx) throw new RepeatTransaction(error);
      return false;
    }
  }

  #within(tx: Transaction | undefined): Pick<Database, 'query'> {
    return tx ? pg(tx) : this.#database;
  }
}
