// A process that has just started: it reads the history from PostgreSQL, issues the CRL, stores it, and answers once.
import { setTimeout } from 'node:timers/promises';

import { CrlScheduler } from '../ca/crl/crl-scheduler.ts';
import type { CrlStore } from '../ca/crl/crl-store.ts';
import { Database } from '../db/database.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PgCrlStatusSource } from '../db/pg-crl-status-source.ts';
import { PgCrlStore } from '../db/pg-crl-store.ts';
import type { ColdAnswer, ColdOrder } from './crl-cold-protocol.ts';
import { benchCrlHouse } from './crl-house.ts';
import { revokeOneMore } from './fill-crl-history.ts';
import { withPeakMemory } from './peak-memory.ts';

/** What the start itself has left behind is collected before memory is looked at. */
const IDLE_MILLISECONDS = 500;

process.once('message', (order: ColdOrder) => {
  void answer(order).then((result) => {
    process.send!(result);
    process.disconnect();
  });
});

async function answer({ databaseUrl, entries, algorithm, again }: ColdOrder): Promise<ColdAnswer> {
  const { pool, close } = await openPostgres(databaseUrl);
  const database = new Database(pool);
  const times = new SigningTimes(new PgCrlStore(database));
  const house = {
    ...(await benchCrlHouse(new PgCrlStatusSource(database), algorithm, times)),
    transactions: database,
  };
  const scheduler = new CrlScheduler({
    house,
    lock: { lead: async () => true, release: async () => undefined },
    onFailure: (error) => {
      throw error;
    },
  });
  const issue = async (): Promise<number> => {
    const started = performance.now();
    const [head] = await scheduler.tick();
    if (!head || house.cache.current(head.scope)!.octets < entries * 30) throw new Error('no such CRL');
    return (performance.now() - started) / 1000;
  };
  await setTimeout(IDLE_MILLISECONDS);
  const started = performance.now();
  const usage = process.cpuUsage();
  const { result: publishedSeconds, peakMib } = await withPeakMemory(issue);
  const { user, system } = process.cpuUsage(usage);
  const signedSeconds = (times.signedAt - started) / 1000;
  const againSeconds: number[] = [];
  for (let time = 0; time < again; time += 1) {
    await revokeOneMore(pool);
    house.clock.advanceSeconds(1);
    againSeconds.push(await issue());
  }
  await scheduler.close();
  await close();
  return { signedSeconds, publishedSeconds, againSeconds, peakMib, processorSeconds: (user + system) / 1e6 };
}

/** Notes when a CRL comes signed to be stored. */
class SigningTimes implements CrlStore {
  signedAt = 0;
  readonly #store: CrlStore;
  readonly allocateNumber: CrlStore['allocateNumber'];
  readonly publish: CrlStore['publish'];
  readonly heads: CrlStore['heads'];
  readonly current: CrlStore['current'];
  readonly prune: CrlStore['prune'];

  constructor(store: CrlStore) {
    this.#store = store;
    this.allocateNumber = store.allocateNumber.bind(store);
    this.publish = store.publish.bind(store);
    this.heads = store.heads.bind(store);
    this.current = store.current.bind(store);
    this.prune = store.prune.bind(store);
  }

  store(...args: Parameters<CrlStore['store']>): Promise<void> {
    this.signedAt ||= performance.now();
    return this.#store.store(...args);
  }
}
