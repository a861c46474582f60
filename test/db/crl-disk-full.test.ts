import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, readFileSync } from 'node:fs';

import { Registry } from 'prom-client';
import t from 'tap';

import { CrlCache } from '../../ca/crl/crl-cache.ts';
import { CrlScheduler } from '../../ca/crl/crl-scheduler.ts';
import { crlMetrics } from '../../cli/crl-metrics.ts';
import { PgCrlStore } from '../../db/pg-crl-store.ts';
import { onPostgres } from '../support/both-databases.ts';
import { memoryCrlHouse } from '../support/memory-crl-house.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3600;
const COMPLETE = { authorityId: 'bronze', kind: 'complete' } as const;
/** Some 1.4 MB of CRL, for a disk of one. */
const REVOCATIONS = 35_000;

/** Why a small file system cannot be made here; false where it can. */
function unmountable(folder: string): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return false;
  } catch {
    return 'needs the right to mount';
  }
}

/** The user as whom a server that root has started runs. */
function serverUser(): [uid: number, gid: number] {
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))!;
  return [Number(uid), Number(gid)];
}

const disk = temporaryFolder(t);
const skip = unmountable(disk);

t.test(
  'a full disk leaves the CRL in force and raises the alarm; with room again the next one comes',
  { skip },
  async (t) => {
    t.teardown(() => execFileSync('umount', [disk]));
    chownSync(disk, ...serverUser());
    const space = `small_${randomBytes(4).toString('hex')}`;
    await onPostgres(t, async (t, { database, opened }) => {
      await opened.pool.query(`create tablespace ${space} location '${disk}'`);
      await opened.pool.query(`alter table crl_chunk set tablespace ${space}`);
      await database.query({
        text: `insert into authority (id, assurance_level, certificate, crl_shards, created_at)
        values ('bronze', 1, '\\x00', 4, now())`,
      });
      const house = await memoryCrlHouse();
      const store = new PgCrlStore(database);
      const cache = new CrlCache(store);
      const registry = new Registry();
      const metrics = crlMetrics(registry, { ...house, cache });
      const failures: unknown[] = [];
      const scheduler = new CrlScheduler({
        house: { ...house, store, cache, transactions: database, onIssued: metrics.onIssued },
        lock: { lead: async () => true, release: async () => undefined },
        onFailure: (error) => {
          failures.push(error);
          metrics.onFailure(error);
        },
      });
      const alarm = async () => /^mohr_crl_alarm\{.*\} (\d)$/m.exec(await registry.metrics())?.[1];
      t.equal((await scheduler.tick()).length, 1);
      const before = cache.current(COMPLETE)!;
      for (let number = 0; number < REVOCATIONS; number += 1)
        house.source.add({
          serialNumber: randomBytes(16).fill(0x5a, 0, 1),
          event: 'revoked',
          reason: 'superseded',
        });
      house.clock.advanceSeconds(15 * HOUR);
      t.strictSame(await scheduler.tick(), []);
      t.match(failures[0], { cause: { code: '53100' } }, 'PostgreSQL says disk_full');
      t.equal(cache.current(COMPLETE), before, 'what was in force is served');
      t.equal((await store.current(COMPLETE))?.crlNumber, before.crlNumber);
      t.equal(await alarm(), '1');
      t.match(await registry.metrics(), /^mohr_crl_failures_total\{code="database-unreachable"\} 1$/m);

      execFileSync('mount', ['-o', 'remount,size=32m', disk]);
      house.clock.advanceSeconds(60);
      const [next] = await scheduler.tick();
      t.ok(next.crlNumber > before.crlNumber);
      t.ok(
        Buffer.concat((await store.current(COMPLETE))!.der).equals(
          Buffer.concat(cache.current(COMPLETE)!.der),
        ),
      );
      t.equal(await alarm(), '0');
      await scheduler.close();
      await opened.pool.query('alter table crl_chunk set tablespace pg_default');
      await opened.pool.query(`drop tablespace ${space}`);
    });
  },
);
