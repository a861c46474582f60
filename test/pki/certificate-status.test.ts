import t from 'tap';

import { applyStatusChange, statusAfter } from '../../pki/certificate-status.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import { REVOCATION_REASONS, revocationReasonOf } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));

/** A history of one certificate, one change a day from 1 January on. */
function history(...changes: (Partial<StatusChange> & Pick<StatusChange, 'event'>)[]): StatusChange[] {
  return changes.map((change, i) => ({
    changeNumber: i + 1,
    authorityId: 'bronze',
    serialNumber: Buffer.from([1]),
    effectiveAt: at(i + 1),
    ...change,
  }));
}

const story = history(
  { event: 'issued' },
  { event: 'held', reason: 'certificateHold' },
  { event: 'released' },
  { event: 'held', reason: 'certificateHold' },
  { event: 'revoked', reason: 'keyCompromise', invalidityDate: at(3) },
);
const good = { kind: 'good' };
const held = (day: number) => ({ kind: 'revoked', revokedAt: at(day), reason: 'certificateHold' });
const revoked = { kind: 'revoked', revokedAt: at(5), reason: 'keyCompromise', invalidityDate: at(3) };

t.test('a certificate that was never issued has no status', async (t) => {
  t.equal(statusAfter([]), undefined);
});

t.test('follows a certificate from issue to revocation', async (t) => {
  const expected = [undefined, good, held(2), good, held(4), revoked];
  for (const [changes, status] of expected.entries())
    t.same(statusAfter(story.slice(0, changes)), status, `${changes} changes`);
});

t.test('knows the status at a moment, from the second on in which a change takes effect', async (t) => {
  const second = (day: number, offset: number) => new Date(at(day).getTime() + offset * 1000);
  t.equal(statusAfter(story, second(1, -1)), undefined, 'a second before the issue');
  t.same(statusAfter(story, at(1)), good);
  t.same(statusAfter(story, second(2, -1)), good);
  t.same(statusAfter(story, at(2)), held(2));
  t.same(statusAfter(story, second(3, -1)), held(2));
  t.same(statusAfter(story, at(3)), good);
  t.same(statusAfter(story, second(5, -1)), held(4));
  t.same(statusAfter(story, at(5)), revoked);
  t.same(statusAfter(story, at(365)), revoked);
});

t.test('the changes may come from any iterable', async (t) => {
  function* changes() {
    yield* story;
  }
  t.same(statusAfter(changes()), revoked);
});

t.test('nothing undoes a revocation', async (t) => {
  for (const event of ['released', 'held', 'issued'] as const) {
    t.same(statusAfter([...story, ...history({ event, effectiveAt: at(9) })]), revoked, event);
  }
  t.same(
    statusAfter([...story, ...history({ event: 'revoked', reason: 'superseded', effectiveAt: at(9) })]),
    revoked,
  );
});

t.test('a hold can be released as often as it is set, or made final', async (t) => {
  t.same(
    statusAfter(history({ event: 'issued' }, { event: 'held' }, { event: 'held' }, { event: 'released' })),
    good,
  );
  const final = history({ event: 'issued' }, { event: 'held' }, { event: 'revoked', reason: 'superseded' });
  t.same(statusAfter(final), { kind: 'revoked', revokedAt: at(3), reason: 'superseded' });
});

t.test('a change says its status by itself', async (t) => {
  t.same(applyStatusChange({ event: 'issued', effectiveAt: at(1) }), good);
  t.same(applyStatusChange({ event: 'released', effectiveAt: at(1) }), good);
  t.same(applyStatusChange({ event: 'held', effectiveAt: at(1) }), held(1));
  t.same(applyStatusChange({ event: 'held', effectiveAt: at(1), reason: 'keyCompromise' }), held(1));
  t.same(applyStatusChange({ event: 'revoked', effectiveAt: at(1) }), { ...held(1), reason: 'unspecified' });
  t.notOk('invalidityDate' in applyStatusChange({ event: 'revoked', effectiveAt: at(1) }));
});

t.test('reasons have the numbers of RFC 5280', async (t) => {
  const numbers: Record<RevocationReason, number> = {
    unspecified: 0,
    keyCompromise: 1,
    cACompromise: 2,
    affiliationChanged: 3,
    superseded: 4,
    cessationOfOperation: 5,
    certificateHold: 6,
    removeFromCRL: 8,
    privilegeWithdrawn: 9,
    aACompromise: 10,
  };
  t.same(REVOCATION_REASONS, numbers);
  for (const [name, code] of Object.entries(numbers)) t.equal(revocationReasonOf(code), name);
  for (const code of [-1, 7, 11, 1.5, Number.NaN]) t.equal(revocationReasonOf(code), undefined, String(code));
});
