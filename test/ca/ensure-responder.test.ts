import t from 'tap';

import type { AuthorityRecord, ResponderRecord } from '../../ca/authority/authority-store.ts';
import { buildTbsCertificate } from '../../ca/issue/build-tbs-certificate.ts';
import { ensureResponders } from '../../ca/issue/ensure-responder.ts';
import type { ResponderHouse } from '../../ca/issue/ensure-responder.ts';
import { ManualClock } from '../../core/clock.ts';
import { CEREMONY_NAMES, PROFILES } from '../support/ceremony-fixtures.ts';
import { authorityTemplate, fixtureCertificate } from '../support/fixture-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';

const signer = memorySigner();
// Valid until the last second of 2026.
const certificate = await fixtureCertificate(authorityTemplate('Health Bronze CA', signer, 0), { signer });
const issuer = { id: 'bronze', assuranceLevel: 1, certificate, crlShards: 1 };
const LAST_SECOND = certificate.notAfter;
const before = (days: number) => new Date(LAST_SECOND.getTime() - days * 86_400_000);

const termOf = (profileId: string, now: Date) =>
  buildTbsCertificate({
    profile: PROFILES.get(profileId)!,
    names: CEREMONY_NAMES,
    request: {
      subjectPublicKeyInfo: memorySigner().subjectPublicKeyInfo,
      subject: {
        organization: 'Health Authority',
        serviceName: 'OCSP',
        office: 'Tehran',
        latinName: 'An Officer',
      },
    },
    issuer,
    signatureAlgorithm: 'ecdsa-sha256',
    now,
  }).notAfter;

t.test(
  "a responder's certificate ends with its CA's at the latest; nobody else's is cut short",
  async (t) => {
    t.ok(termOf('ocsp-responder', before(91)) < LAST_SECOND);
    t.strictSame(termOf('ocsp-responder', before(10)), LAST_SECOND);
    t.throws(() => termOf('time-stamping', before(10)), { code: 'validity-exceeds-issuer' });
  },
);

/** Who is asked for a responder at `now`, given the end of the newest one. */
async function dueAt(now: Date, newestEnd?: Date): Promise<string[]> {
  const asked: string[] = [];
  const newest = { authorityId: 'bronze', notAfter: newestEnd } as ResponderRecord;
  const house = {
    authorities: {
      listAuthorities: async () => [{ id: 'bronze', certificate: certificate.bytes } as AuthorityRecord],
      listResponders: async () => (newestEnd ? [newest] : []),
      insertResponder: async () => undefined,
    },
    transactions: { transaction: (work: (tx: unknown) => unknown) => work({}) },
    clock: new ManualClock(now),
    names: CEREMONY_NAMES,
    createKey: async () => ({ reference: 'file:x.key', signer: memorySigner() }),
    issuer: {
      prepare: async (request: { authorityId: string }) => void asked.push(request.authorityId),
      issue: async () => ({ bytes: Buffer.alloc(0) }),
    },
  };
  await ensureResponders(house as unknown as ResponderHouse, ['bronze'], { kind: 'operator', id: 'test' });
  return asked;
}

t.test('an old generation gets a responder as long as it lives, and no more than it needs', async (t) => {
  t.strictSame(await dueAt(before(200)), ['bronze'], 'the first');
  t.strictSame(await dueAt(before(200), before(169)), [], '31 days are left');
  t.strictSame(await dueAt(before(200), before(170)), ['bronze'], '30 days are left');
  t.strictSame(await dueAt(before(10), LAST_SECOND), [], 'a new one would end no later');
  t.strictSame(await dueAt(before(10), before(5)), ['bronze']);
  t.strictSame(
    await dueAt(LAST_SECOND),
    [],
    'an expired CA gets none, and does not keep the service from starting',
  );
});
