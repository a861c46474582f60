import type { Transaction } from '../core/transaction.ts';
import type { Device, DeviceStore } from '../signing/devices/device-login.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface DeviceRow {
  token_sha256: Buffer;
  authority_id: string;
  serial_number: Buffer;
  sha256: Buffer;
}

export class PgDeviceStore implements DeviceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertChallenge(tx: Transaction, nonce: Buffer, expiresAt: Date): Promise<void> {
    await pg(tx).execute({
      name: 'device-challenge-insert',
      text: 'insert into device_challenge (nonce, expires_at) values ($1, $2)',
      values: [nonce, expiresAt],
    });
  }

  async takeChallenge(tx: Transaction, nonce: Buffer, now: Date): Promise<boolean> {
    const taken = await pg(tx).execute({
      name: 'device-challenge-take',
      text: 'delete from device_challenge where nonce = $1 and expires_at > $2',
      values: [nonce, now],
    });
    return taken === 1;
  }

  async insertLogin(tx: Transaction, device: Device, signedInAt: Date, expiresAt: Date): Promise<void> {
    await pg(tx).execute({
      name: 'device-login-insert',
      text: `insert into device_login (token_sha256, authority_id, serial_number, signed_in_at, expires_at)
        values ($1, $2, $3, $4, $5)`,
      values: [device.tokenSha256, device.authorityId, device.serialNumber, signedInAt, expiresAt],
    });
  }

  async ofToken(tokenSha256: Buffer, now: Date): Promise<Device | undefined> {
    const [row] = await this.#database.query<DeviceRow>({
      name: 'device-of-token',
      text: `select l.token_sha256, l.authority_id, l.serial_number, c.sha256 from device_login l
        join certificate c on c.authority_id = l.authority_id and c.serial_number = l.serial_number
        where l.token_sha256 = $1 and l.expires_at > $2 and c.not_after > $2`,
      values: [tokenSha256, now],
    });
    return (
      row && {
        tokenSha256: row.token_sha256,
        authorityId: row.authority_id,
        serialNumber: row.serial_number,
        certificateSha256: row.sha256,
      }
    );
  }

  async endLogin(tx: Transaction, tokenSha256: Buffer): Promise<void> {
    await pg(tx).execute({ text: 'delete from device_login where token_sha256 = $1', values: [tokenSha256] });
  }

  async prune(now: Date): Promise<void> {
    await this.#database.query({
      text: 'delete from device_challenge where expires_at <= $1',
      values: [now],
    });
    await this.#database.query({ text: 'delete from device_login where expires_at <= $1', values: [now] });
  }
}
