import { createHash } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import { ManualClock } from '../../core/clock.ts';
import type { Database } from '../../db/database.ts';
import { PgOcspStatusSource } from '../../db/pg-ocsp-status-source.ts';
import { beatStatusHeart } from '../../db/pg-status-heartbeat.ts';
import { StatusFollower } from '../../ocsp/status-follower.ts';
import { StatusIndex } from '../../ocsp/status-index.ts';
import { REVOCATION_REASONS } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { authorityRows, changeRow, issueRow } from '../support/status-rows.ts';

const NOON = new Date('2026-06-15T12:00:00Z');
const AUTHORITIES = ['bronze', 'silver'] as const;
const REASONS = Object.keys(REVOCATION_REASONS).filter(
  (reason) => reason !== 'certificateHold',
) as RevocationReason[];

t.test('the status history in the database', async (t) => {
  await onBothDatabases(t, async (t, { database }) => {
    const part = (name: string, run: (t: Test, database: Database) => Promise<void>) =>
      t.test(name, (t) => run(t, database));
    await authorityRows(database, AUTHORITIES);
    await part('is empty at first', empty);
    await part('is loaded as its changes leave it', loaded);
    await part('is followed from where the load ended', followed);
    await part('is looked up certificate by certificate', lookedUp);
    await part('says when a change was written, and no more than that on a primary', recorded);
    await part('has one heartbeat', heartbeat);
  });
});

async function empty(t: Test, database: Database): Promise<void> {
  const source = new PgOcspStatusSource(database);
  t.equal(await source.loadAll(AUTHORITIES, () => undefined), 0);
  t.strictSame(await source.changesAfter(0, 10), { changes: [] });
}

async function loaded(t: Test, database: Database): Promise<void> {
  // Serial numbers of each length that there is, each reason, holds that stay and holds that were lifted.
  for (let number = 1; number <= 40; number += 1) {
    const [authorityId, serialNumber] = [AUTHORITIES[number % 2], serialOf(number)];
    await issueRow(database, authorityId, serialNumber);
    if (number % 3 === 0) await changeRow(database, authorityId, serialNumber, 'held', 'certificateHold');
    if (number % 6 === 0) await changeRow(database, authorityId, serialNumber, 'released');
    if (number % 4 === 0)
      await changeRow(database, authorityId, serialNumber, 'revoked', REASONS[number % REASONS.length]);
  }
  const { changes } = await new PgOcspStatusSource(database).changesAfter(0, 1000);
  const follower = await follow(database);
  for (const authorityId of AUTHORITIES) {
    const expected = new StatusIndex();
    for (const one of changes) if (one.authorityId === authorityId) expected.apply(one);
    const index = follower.indexOf(authorityId);
    t.equal(index.size, 20);
    for (const { serialNumber } of changes.filter((one) => one.authorityId === authorityId))
      t.strictSame(factsOf(index, serialNumber), factsOf(expected, serialNumber));
  }
  t.equal(follower.lastChangeNumber, changes.length);
}

async function followed(t: Test, database: Database): Promise<void> {
  const follower = await follow(database);
  const before = follower.lastChangeNumber;
  await issueRow(database, 'bronze', serialOf(100));
  await changeRow(database, 'bronze', serialOf(100), 'revoked', 'keyCompromise');
  await follower.catchUp();
  t.equal(follower.lastChangeNumber, before + 2);
  t.strictSame(factsOf(follower.indexOf('bronze'), serialOf(100)).status, {
    kind: 'revoked',
    revokedAt: NOON,
    reason: 'keyCompromise',
  });
}

async function lookedUp(t: Test, database: Database): Promise<void> {
  const follower = await follow(database);
  const asked = [serialOf(3), serialOf(9), serialOf(100), Buffer.from('00ff', 'hex'), serialOf(2)];
  for (const authorityId of AUTHORITIES) {
    const found = await follower.lookUp(authorityId, asked);
    for (const serialNumber of asked)
      t.strictSame(factsOf(found!.index, serialNumber), factsOf(follower.indexOf(authorityId), serialNumber));
  }
}

async function recorded(t: Test, database: Database): Promise<void> {
  const [{ now }] = await database.query<{ now: Date }>({ text: 'select clock_timestamp() as now' });
  await issueRow(database, 'bronze', serialOf(101));
  const { changes, knownAt } = await new PgOcspStatusSource(database).changesAfter(0, 1000);
  const { recordedAt } = changes.at(-1)!;
  t.ok(recordedAt && recordedAt >= now && recordedAt.getTime() < now.getTime() + 60_000);
  t.equal(knownAt, undefined);
}

async function heartbeat(t: Test, database: Database): Promise<void> {
  const beats = () => database.query<{ beat_at: Date }>({ text: 'select beat_at from status_heartbeat' });
  const [before] = await beats();
  await beatStatusHeart(database);
  const after = await beats();
  t.equal(after.length, 1);
  t.ok(after[0].beat_at > before.beat_at);
}

async function follow(database: Database): Promise<StatusFollower> {
  return StatusFollower.load({
    source: new PgOcspStatusSource(database),
    authorityIds: AUTHORITIES,
    clock: new ManualClock(NOON),
    onFault: () => undefined,
  });
}

function factsOf(index: StatusIndex, serialNumber: Buffer) {
  const place = index.find(serialNumber);
  if (place < 0) return { status: undefined };
  return {
    status: index.statusAt(place),
    changeNumber: index.changeNumberAt(place),
    certHash: index.certHashAt(place).toString('hex'),
    notAfter: index.notAfterAt(place),
  };
}

/** 8 to 20 octets, as the schema wants them. */
function serialOf(number: number): Buffer {
  return createHash('sha256')
    .update(`serial ${number}`)
    .digest()
    .subarray(0, 8 + (number % 13));
}
