import type { ImportCrlHouse } from '../../ca/ceremony/import-crl.ts';
import type { RegisterHouse } from '../../ca/ceremony/register-authority.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { checkKeyWith } from '../check-key.ts';
import { openStores } from '../stores.ts';

/** What the acts of the online machine write to. */
export type OnlineHouse = RegisterHouse & ImportCrlHouse;

export interface OnlineOptions {
  /** Opens the database of the deployment; closed again when the work is done. */
  openDatabase: () => Promise<OpenedPool>;
  publicUrl: string;
  clock: Clock;
  /** For the audit log, should the work be refused. */
  action: string;
  authorityId: string;
}

/** Runs an act on the deployment's database. A refusal is recorded before it is passed on. */
export async function withOnlineHouse<T>(
  { openDatabase, publicUrl, clock, action, authorityId }: OnlineOptions,
  work: (house: OnlineHouse) => Promise<T>,
): Promise<T> {
  const opened = await openDatabase();
  try {
    const stores = openStores(opened);
    const transactions = stores.database;
    const house = { ...stores, transactions, clock, publicUrl, checkKey: checkKeyWith(stores.blockedKeys) };
    try {
      return await work(house);
    } catch (error) {
      if (error instanceof DomainError) {
        await recordRefusal(house, { action, authorityId, refusalCode: String(error.code) });
      }
      throw error;
    }
  } finally {
    await opened.close();
  }
}

async function recordRefusal(
  { transactions, audit, clock }: OnlineHouse,
  { action, authorityId, refusalCode }: { action: string; authorityId: string; refusalCode: string },
): Promise<void> {
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: { kind: 'operator', id: 'ceremony' },
      action,
      outcome: 'refused',
      subject: `authority:${authorityId}`,
      refusalCode,
      details: {},
    }),
  );
}
