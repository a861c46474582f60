import t from 'tap';
import type { Test } from 'tap';

import type { Authority } from '../../ca/authority/authority.ts';
import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import type { CertificateIssuerOptions } from '../../ca/issue/certificate-issuer.ts';
import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import type { LintedTbs } from '../../ca/issue/linted-tbs.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import { TEST_ACTOR, issuanceRequest, issueFor, issuingParts } from '../support/issuing.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

interface Fixture {
  service: TestService;
  parts: CertificateIssuerOptions;
  issuer: CertificateIssuer;
}

t.test('the certificate issuer', async (t) => {
  await onBothServices(t, async (t, service) => {
    const parts = await issuingParts(service);
    const fixture = { service, parts, issuer: new CertificateIssuer(parts) };
    const part = (name: string, run: (t: Test, fixture: Fixture) => Promise<void>) =>
      t.test(name, (t) => run(t, fixture));
    await part('what must not be issued is refused before a row is written', refusals);
    await part('a token works once, for the issuer that prepared it', tokens);
    await part('no key is certified twice, in whichever CA', reusedKeys);
    await part('a serial number is given once', takenSerial);
    await part('a CA key that signs something else is found out', wrongSignatures);
    await part(
      'whichever step fails, exactly one certificate comes of it, from the bytes that were linted',
      crashes,
    );
    await part('one intent that cannot be completed holds up no other', poisonedIntent);
    await part('two processes that complete one intent end with one certificate', twoProcesses);
    await part('fifty at once have gapless change numbers', concurrency);
  });
});

async function refusals(t: Test, { service, issuer }: Fixture): Promise<void> {
  const before = await rows(service);
  const subject = issuanceRequest().subject;
  const cases: [name: string, override: Partial<IssuanceRequest>, code: string][] = [
    ['a CA that is not here', { authorityId: 'platinum' }, 'authority-unknown'],
    ['the offline root', { authorityId: 'root' }, 'authority-unknown'],
    ['a profile that is not there', { profileId: 'driving-licence' }, 'profile-unknown'],
    ['a profile of another level', { profileId: 'signing-card' }, 'profile-not-offered'],
    ['a profile for authorities', { profileId: 'root' }, 'profile-not-offered'],
    ['no surname', { subject: { ...subject, surname: undefined } }, 'subject-incomplete'],
    ['no council number', { councilNumber: undefined }, 'subject-incomplete'],
    [
      'a national id with a wrong check digit',
      { subject: { ...subject, nationalId: '9990000008' } },
      'lint-failed',
    ],
    ['a name with an embedded control', { subject: { ...subject, surname: 'آزما\u202eیشی' } }, 'lint-failed'],
    [
      'a key type that the profile does not allow',
      { subjectPublicKeyInfo: ed25519() },
      'key-type-not-allowed',
    ],
  ];
  for (const [name, override, code] of cases)
    await t.rejects(issueFor(issuer, override), { name: /Error$/, code }, name);
  t.strictSame(await rows(service), before, 'no row was written');
}

async function tokens(t: Test, { service, parts, issuer }: Fixture): Promise<void> {
  const token = await issuer.prepare(issuanceRequest());
  const before = await rows(service);
  await t.rejects(
    new CertificateIssuer(parts).issue(token, TEST_ACTOR),
    { code: 'token-foreign' },
    'of another issuer',
  );
  await t.rejects(issuer.issue({ ...token }, TEST_ACTOR), { code: 'token-foreign' }, 'a copy');
  const other = await issuer.prepare(issuanceRequest());
  const forged: LintedTbs = { ...token, tbs: other.tbs };
  await t.rejects(
    issuer.issue(forged, TEST_ACTOR),
    { code: 'token-foreign' },
    'other bytes than were linted',
  );
  t.throws(() => Object.assign(token, { tbs: other.tbs }), TypeError, 'a token cannot be changed');
  t.strictSame(await rows(service), before, 'no row was written');

  const [first, second] = await Promise.allSettled([
    issuer.issue(token, TEST_ACTOR),
    issuer.issue(token, TEST_ACTOR),
  ]);
  t.equal(first.status, 'fulfilled');
  t.match(second, { status: 'rejected', reason: { code: 'token-used' } });
  await t.rejects(issuer.issue(token, TEST_ACTOR), { code: 'token-used' });
}

async function reusedKeys(t: Test, { service, issuer }: Fixture): Promise<void> {
  const { subjectPublicKeyInfo } = memorySigner();
  await issueFor(issuer, { subjectPublicKeyInfo });
  const before = await rows(service);
  await t.rejects(issueFor(issuer, { subjectPublicKeyInfo }), { code: 'key-reused' }, 'the same CA');
  const card = { authorityId: 'silver', profileId: 'signing-card', subjectPublicKeyInfo };
  await t.rejects(issueFor(issuer, card), { code: 'key-reused' }, 'another CA');
  t.strictSame(await rows(service), before, 'no row was written');

  const contested = memorySigner().subjectPublicKeyInfo;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, at) =>
      issueFor(issuer, {
        subjectPublicKeyInfo: contested,
        ...(at % 2 === 1 && { authorityId: 'silver', profileId: 'signing-card' }),
      }),
    ),
  );
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1, 'of eight at once one wins');
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') t.match(outcome.reason, { code: 'key-reused' });
  }
}

async function takenSerial(t: Test, { service, parts, issuer }: Fixture): Promise<void> {
  const token = await issuer.prepare(issuanceRequest());
  const { serialNumber, bytes } = token.tbs;
  // Nobody draws one of 2^126 twice; a damaged random source would.
  await parts.transactions.transaction((tx) =>
    parts.certificates.recordIntent(tx, {
      authorityId: 'bronze',
      serialNumber,
      tbsCertificate: bytes,
      spkiSha256: digest('sha256', serialNumber),
      profileId: 'signing-phone',
      profileVersion: 1,
      origin: 'application:other',
      intendedAt: service.clock.now(),
    }),
  );
  const before = await rows(service);
  await t.rejects(issuer.issue(token, TEST_ACTOR), { code: 'serial-taken' });
  t.strictSame(await rows(service), before, 'no row was written');
  await issuer.resume(TEST_ACTOR);
}

async function wrongSignatures(t: Test, { service, parts, issuer }: Fixture): Promise<void> {
  const stranger = memorySigner();
  const { signer } = parts.authorities.get('bronze')!;
  const wrong: [name: string, sign: Authority['signer']['sign']][] = [
    ['another key', (message) => stranger.sign(message)],
    ['another message', (message) => signer.sign(Buffer.concat([message, Buffer.from([0])]))],
    ['no signature', async () => Buffer.alloc(0)],
    ['a signature cut short', async (message) => (await signer.sign(message)).subarray(0, -1)],
  ];
  for (const [name, sign] of wrong) {
    const request = issuanceRequest();
    const faulty = new CertificateIssuer(withSigner(parts, sign));
    const before = await rows(service);
    await t.rejects(
      faulty.issue(await faulty.prepare(request), TEST_ACTOR),
      { code: 'signature-wrong' },
      name,
    );
    t.strictSame(
      await rows(service),
      { ...before, intents: before.intents + 1, events: before.events + 1 },
      'an open intent is left',
    );
    await t.rejects(faulty.resume(TEST_ACTOR), { code: 'signature-wrong' }, `${name}, and again`);
    const completed = await issuer.resume(TEST_ACTOR);
    t.strictSame(
      completed.map(({ origin }) => origin),
      [request.origin],
      'the right key completes it',
    );
  }
}

/** A failure at one moment, and whether an intent is durable by then. */
interface Crash {
  name: string;
  leaves: 'nothing' | 'an open intent' | 'a certificate';
  parts(parts: CertificateIssuerOptions): CertificateIssuerOptions;
}

const CRASHES: Crash[] = [
  { name: 'checking the key', leaves: 'nothing', parts: (parts) => ({ ...parts, checkKey: crash }) },
  { name: 'before the intent is written', leaves: 'nothing', parts: withTransaction(1, 'before') },
  {
    name: 'while the intent is written',
    leaves: 'nothing',
    parts: withStore('certificates', 'recordIntent'),
  },
  { name: 'between the intent and its event', leaves: 'nothing', parts: withStore('audit', 'record') },
  { name: 'before the intent is committed', leaves: 'nothing', parts: withTransaction(1, 'rollback') },
  { name: 'after the intent is committed', leaves: 'an open intent', parts: withTransaction(1, 'after') },
  { name: 'signing', leaves: 'an open intent', parts: (parts) => withSigner(parts, crash) },
  {
    name: 'after signing',
    leaves: 'an open intent',
    parts: (parts) => {
      const { signer } = parts.authorities.get('bronze')!;
      return withSigner(parts, async (message) => {
        await signer.sign(message);
        return crash();
      });
    },
  },
  {
    name: 'before the certificate is written',
    leaves: 'an open intent',
    parts: withTransaction(2, 'before'),
  },
  {
    name: 'while the certificate is written',
    leaves: 'an open intent',
    parts: withStore('certificates', 'recordCertificate'),
  },
  {
    name: 'between certificate and status',
    leaves: 'an open intent',
    parts: withStore('statuses', 'append'),
  },
  {
    name: 'before the certificate is committed',
    leaves: 'an open intent',
    parts: withTransaction(2, 'rollback'),
  },
  { name: 'after the certificate is committed', leaves: 'a certificate', parts: withTransaction(2, 'after') },
];

async function crashes(t: Test, { service, parts }: Fixture): Promise<void> {
  for (const { name, leaves, parts: broken } of CRASHES) {
    const request = issuanceRequest();
    const crashing = new CertificateIssuer(broken(parts));
    const outcome = await issueOnce(crashing, request);
    t.match(outcome, /a crash/, name);

    const restarted = new CertificateIssuer(parts);
    const [intent] = await intentsOf(service, request.origin);
    t.equal(intent !== undefined, leaves !== 'nothing', `${name}: leaves ${leaves}`);
    const completed = await restarted.resume(TEST_ACTOR);
    t.equal(completed.length, leaves === 'an open intent' ? 1 : 0, `${name}: what is open is completed`);
    if (leaves === 'nothing') await restarted.issue(await restarted.prepare(request), TEST_ACTOR);
    t.strictSame(await restarted.resume(TEST_ACTOR), [], `${name}: nothing is open any more`);

    const history = await service.house.stores.database.query<{
      der: Buffer;
      tbs_certificate: Buffer;
      events: string[];
      actions: string[];
    }>({
      text: `select c.der, i.tbs_certificate,
          (select array_agg(event order by change_number) from status_change s
            where s.authority_id = c.authority_id and s.serial_number = c.serial_number) as events,
          (select array_agg(action order by id) from audit_event
            where subject = 'certificate:' || c.authority_id || '/' || encode(c.serial_number, 'hex')) as actions
        from certificate c join issuance_intent i using (authority_id, serial_number) where c.origin = $1`,
      values: [request.origin],
    });
    t.equal(history.length, 1, `${name}: exactly one certificate`);
    const [row] = history;
    const certificate = parseCertificate(row.der);
    t.ok(certificate.tbsCertificate.equals(row.tbs_certificate), `${name}: of the very bytes of the intent`);
    if (intent) t.ok(row.tbs_certificate.equals(intent), `${name}: which are those from before the crash`);
    t.ok(isSignedBy(certificate, publicKeyOf(parts.authorities.get('bronze')!.certificate)));
    t.strictSame(row.events, ['issued'], `${name}: one status`);
    t.strictSame(row.actions, ['intend-certificate', 'issue-certificate'], `${name}: one event each`);
  }
}

async function poisonedIntent(t: Test, { parts, issuer }: Fixture): Promise<void> {
  const requests = [issuanceRequest({ authorityId: 'silver', profileId: 'signing-card' }), issuanceRequest()];
  const broken = new CertificateIssuer(withTransaction(1, 'after')(parts));
  const alsoBroken = new CertificateIssuer(withTransaction(1, 'after')(parts));
  for (const [at, one] of [broken, alsoBroken].entries())
    t.match(await issueOnce(one, requests[at]), /a crash/);
  const silverAway = new CertificateIssuer(withSigner(parts, crash, 'silver'));
  await t.rejects(silverAway.resume(TEST_ACTOR), /a crash/);
  const completed = await issuer.resume(TEST_ACTOR);
  t.strictSame(
    completed.map(({ origin }) => origin),
    [requests[0].origin],
    'only that of silver was left',
  );
  t.strictSame(await issuer.resume(TEST_ACTOR, () => true), []);
}

async function twoProcesses(t: Test, { service, parts, issuer }: Fixture): Promise<void> {
  const request = issuanceRequest();
  const crashing = new CertificateIssuer(withTransaction(1, 'after')(parts));
  t.match(await issueOnce(crashing, request), /a crash/);
  const other = new CertificateIssuer(parts);
  const completed = await Promise.all([issuer.resume(TEST_ACTOR), other.resume(TEST_ACTOR)]);
  const certificates = completed.flat();
  t.ok(certificates.length >= 1);
  for (const { bytes } of certificates)
    t.ok(bytes.equals(certificates[0].bytes), 'both are told of the same one');
  const { database } = service.house.stores;
  const stored = await database.query({
    text: 'select der from certificate where origin = $1',
    values: [request.origin],
  });
  t.equal(stored.length, 1);
}

async function concurrency(t: Test, { service, issuer }: Fixture): Promise<void> {
  const { database } = service.house.stores;
  const numbers = async () =>
    (
      await database.query<{ n: number }>({
        text: 'select change_number::int as n from status_change order by 1',
      })
    ).map(({ n }) => n);
  const before = await numbers();
  const issued = await Promise.all(Array.from({ length: 50 }, () => issueFor(issuer)));
  t.equal(new Set(issued.map(({ serialNumber }) => serialNumber.toString('hex'))).size, 50);
  const after = await numbers();
  t.equal(after.length, before.length + 50);
  t.strictSame(
    after,
    Array.from(after, (_, at) => at + 1),
    'no number is left out',
  );
}

function crash(): Promise<never> {
  return Promise.reject(new Error('a crash'));
}

/** The message of what issuing ended with; it must not succeed. */
async function issueOnce(issuer: CertificateIssuer, request: IssuanceRequest): Promise<string> {
  try {
    await issuer.issue(await issuer.prepare(request), TEST_ACTOR);
    return 'issued';
  } catch (error) {
    return String(error);
  }
}

/** The n-th transaction ends in a crash: before it begins, after its work, or once it is durable. */
function withTransaction(n: number, moment: 'before' | 'rollback' | 'after'): Crash['parts'] {
  return (parts) => {
    let count = 0;
    return {
      ...parts,
      transactions: {
        transaction: async (work) => {
          count += 1;
          if (count !== n) return parts.transactions.transaction(work);
          if (moment === 'before') return crash();
          await parts.transactions.transaction(moment === 'after' ? work : (tx) => work(tx).then(crash));
          return crash();
        },
      },
    };
  };
}

/** A store whose method does its work and then fails, as when the connection ends with the answer on its way. */
function withStore(name: 'certificates' | 'statuses' | 'audit', method: string): Crash['parts'] {
  return (parts) => {
    const store = parts[name] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const failing = new Proxy(store, {
      get: (target, property) =>
        property === method
          ? (...args: unknown[]) => target[method](...args).then(crash)
          : (target[property as string].bind(target) as unknown),
    });
    return { ...parts, [name]: failing };
  };
}

function withSigner(
  parts: CertificateIssuerOptions,
  sign: Authority['signer']['sign'],
  authorityId = 'bronze',
): CertificateIssuerOptions {
  const authority = parts.authorities.get(authorityId)!;
  const { label, algorithm, subjectPublicKeyInfo } = authority.signer;
  const signer = { label, algorithm, subjectPublicKeyInfo, sign };
  return { ...parts, authorities: new Map([...parts.authorities, [authorityId, { ...authority, signer }]]) };
}

function ed25519(): Buffer {
  // SubjectPublicKeyInfo of RFC 8410 §10.1.
  return Buffer.from(
    '302a300506032b6570032100' + '19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1',
    'hex',
  );
}

async function intentsOf({ house }: TestService, origin: string): Promise<Buffer[]> {
  const found = await house.stores.database.query<{ tbs_certificate: Buffer }>({
    text: 'select tbs_certificate from issuance_intent where origin = $1',
    values: [origin],
  });
  return found.map((row) => row.tbs_certificate);
}

async function rows({
  house,
}: TestService): Promise<Record<'intents' | 'certificates' | 'changes' | 'events', number>> {
  const [row] = await house.stores.database.query<Awaited<ReturnType<typeof rows>>>({
    text: `select (select count(*)::int from issuance_intent) as intents, (select count(*)::int from certificate) as certificates,
      (select count(*)::int from status_change) as changes, (select count(*)::int from audit_event) as events`,
  });
  return row;
}
