import t from 'tap';

import { CrlEntriesThread } from '../../ca/crl/crl-entries-thread.ts';
import { packRevocations } from '../../pki/crl-packed-revocations.ts';
import { RevokedCertificates } from '../../pki/crl-revoked-certificates.ts';
import { CRL_NOW, LocalCrlEntries, crlSerial } from '../support/memory-crl-house.ts';

const batch = (from: number, to: number) =>
  packRevocations(
    Array.from({ length: to - from }, (_, i) => ({
      serialNumber: crlSerial(from + i),
      revokedAt: CRL_NOW,
      reason: 'superseded' as const,
    })),
  );

t.test('the thread keeps the same entries as the list that it runs', async (t) => {
  const thread = new CrlEntriesThread();
  t.teardown(() => thread.close());
  const local = new LocalCrlEntries();
  for (const entries of [thread, local]) {
    await entries.open('bronze', 4);
    await entries.open('silver', 1);
    await entries.change('bronze', batch(0, 6000));
    await entries.change('silver', batch(5, 6));
    await entries.change('bronze', batch(6000, 6010), [crlSerial(3), crlSerial(4)]);
  }
  for (const shard of [undefined, 0, 3]) {
    const parts = Buffer.concat(await thread.parts('bronze', shard));
    t.ok(parts.equals(Buffer.concat(await local.parts('bronze', shard))));
  }
  t.equal(new RevokedCertificates(Buffer.concat(await thread.parts('bronze'))).count, 6008);
  t.equal(new RevokedCertificates(Buffer.concat(await thread.parts('silver'))).count, 1);
});

t.test('parts contain the change that was asked for just before', async (t) => {
  const thread = new CrlEntriesThread();
  t.teardown(() => thread.close());
  await thread.open('bronze', 1);
  void thread.change('bronze', batch(0, 10));
  void thread.change('bronze', batch(10, 2000));
  const before = await thread.parts('bronze');
  t.equal(new RevokedCertificates(Buffer.concat(before)).count, 2000);
  await thread.change('bronze', batch(0, 0), [crlSerial(0)]);
  t.equal(new RevokedCertificates(Buffer.concat(before)).count, 2000, 'a view does not change');
});

t.test('what cannot be done rejects, and nothing is left hanging when the thread ends', async (t) => {
  const thread = new CrlEntriesThread();
  await t.rejects(thread.parts('unknown'), /no entries of unknown/);
  await thread.open('bronze', 1);
  const wrong = thread.change('bronze', Buffer.from('ffff', 'hex'));
  await t.rejects(wrong, /packed serial number/);
  await t.rejects(thread.parts('bronze'), /packed serial number/);
  const closing = thread.close();
  await t.rejects(thread.open('silver', 1), /ended/);
  await closing;
  await t.rejects(thread.open('silver', 1), /ended/);
});
