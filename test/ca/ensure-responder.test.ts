import t from 'tap';

import type { AuthorityRecord, ResponderRecord } from '../../ca/authority/authority-store.ts';
import { buildTbsCertificate } from '../../ca/issue/build-tbs-certificate.ts';
import { ensureResponders } from '../../ca/issue/ensure-responder.ts';
import type { ResponderHouse } from '../../ca/issue/ensure-responder.ts';
import { ManualClock } from '../../core/clock.ts';
import type { KeyType } from '../../pki/key-type.ts';
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

/** A responder certificate in the store, by its key type and the days that it has left before the CA ends. */
interface Known {
  keyType: KeyType;
  notAfter: Date;
}

/** Who is asked for responders, and of which key types, given those that there are. */
async function askedAt(
  now: Date,
  known: readonly Known[],
  keyTypes: readonly KeyType[],
  refused: readonly KeyType[] = [],
): Promise<{ asked: string[]; outcome: Promise<ResponderRecord[]> }> {
  const asked: string[] = [];
  const typeOf = new Map<string, KeyType>();
  const responder = async ({ keyType, notAfter }: Known) => {
    const { subjectPublicKeyInfo } = memorySigner();
    typeOf.set(subjectPublicKeyInfo.toString('hex'), keyType);
    const template = { ...authorityTemplate('Responder', signer), subjectPublicKeyInfo, notAfter };
    const { bytes } = await fixtureCertificate(template, { signer, certificate });
    return { authorityId: 'bronze', certificate: bytes, notAfter } as ResponderRecord;
  };
  const responders = await Promise.all(known.map(responder));
  const house = {
    authorities: {
      listAuthorities: async () => [{ id: 'bronze', certificate: certificate.bytes } as AuthorityRecord],
      listResponders: async () => responders,
      insertResponder: async () => undefined,
    },
    transactions: { transaction: (work: (tx: unknown) => unknown) => work({}) },
    clock: new ManualClock(now),
    names: CEREMONY_NAMES,
    responderKeyTypes: keyTypes,
    keyTypeOf: (spki: Buffer) => typeOf.get(spki.toString('hex')),
    createKey: async (name: string, keyType: KeyType) => {
      if (refused.includes(keyType)) throw new Error(`no ${keyType} here`);
      asked.push(`${name} ${keyType}`);
      return { reference: 'file:x.key', signer: memorySigner() };
    },
    issuer: { prepare: async () => undefined, issue: async () => ({ bytes: Buffer.alloc(0) }) },
  };
  const actor = { kind: 'operator', id: 'test' } as const;
  const outcome = ensureResponders(house as unknown as ResponderHouse, ['bronze'], actor);
  await outcome.catch(() => undefined);
  return { asked, outcome };
}

async function dueAt(now: Date, newestEnd?: Date): Promise<string[]> {
  const known = newestEnd ? [{ keyType: 'p-256' as const, notAfter: newestEnd }] : [];
  return (await askedAt(now, known, ['p-256'])).asked.map((name) => name.replace(/^ocsp-| .*/g, ''));
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

t.test('each key type has its own responder, renewed when its own newest one ends', async (t) => {
  const now = before(200);
  const [settled, ending] = [before(130), before(175)];
  const due = async (...known: Known[]) =>
    (await askedAt(now, known, ['rsa-2048', 'p-256'])).asked.map((name) => name.split(' ')[1]);
  t.strictSame(await due(), ['rsa-2048', 'p-256']);
  t.strictSame(await due({ keyType: 'p-256', notAfter: settled }), ['rsa-2048']);
  const p256 = { keyType: 'p-256' as const, notAfter: settled };
  t.strictSame(await due({ keyType: 'rsa-2048', notAfter: ending }, p256), ['rsa-2048']);
  t.strictSame(await due({ keyType: 'rsa-2048', notAfter: settled }, p256), []);
  t.strictSame(
    await due(p256, { keyType: 'p-384', notAfter: settled }),
    ['rsa-2048'],
    'one of a type that is not wanted any more stands for nobody',
  );
});

t.test('a key that cannot be made keeps no other from being certified, and is told', async (t) => {
  const { asked, outcome } = await askedAt(before(200), [], ['rsa-2048', 'p-256'], ['rsa-2048']);
  t.strictSame(asked, ['ocsp-bronze p-256']);
  await t.rejects(outcome, { errors: [{ message: 'no rsa-2048 here' }] });
});
