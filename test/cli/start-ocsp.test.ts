import { generateKeyPairSync } from 'node:crypto';

import { pino } from 'pino';
import { Registry } from 'prom-client';
import t from 'tap';

import { startOcsp } from '../../cli/start-ocsp.ts';
import type { OcspOptions } from '../../cli/start-ocsp.ts';
import type { Signer } from '../../keys/signer.ts';
import { nonceExtension, preferredSignatureAlgorithmsExtension } from '../../pki/ocsp-extensions.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import type { ResponderCredential } from '../../ocsp/responder-key.ts';
import { CountingSigner } from '../support/counting-signer.ts';
import { FixtureOcsp, NOON, fixtureResponder, readVerified } from '../support/fixture-ocsp.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR_SECONDS = 3600;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

t.test('responder certificates roll over under load without a failed answer', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const old = await fixtureResponder(house.bronze, { notAfter: at(3 * HOUR_SECONDS) });
  const { ocsp, responders } = await started(t, house, [old]);
  const seen = new Set<string>();
  let answers = 0;
  const ask = async (number: number) => {
    const extensions = number % 2 === 0 ? [] : [nonceExtension(Buffer.from([number & 0xff, number >> 8]))];
    const { status, body } = await ocsp.responder.respond(house.request([certificate], { extensions }));
    t.equal(status, 'successful');
    const response = readVerified(body, house.bronze.certificate);
    const [signed] = response.certificates;
    const { nextUpdate } = response.responses[0];
    t.ok(signed.notBefore <= response.producedAt && nextUpdate! <= signed.notAfter);
    seen.add(signed.serialNumber.toString('hex'));
    answers += 1;
  };
  const fresh = await fixtureResponder(house.bronze, { notBefore: at(60) });
  // Around each moment at which something changes: the new one is there, is valid, has settled; the old one ends.
  for (const second of [0, 59, 60, 61, 3659, 3660, 3661, 10_200, 10_799, 10_800, 10_801, 12_000]) {
    house.clock.set(at(second));
    await ocsp.follower.catchUp();
    const load = Array.from({ length: 7 }, (_, number) => ask(second * 20 + number));
    if (second === 59) responders.unshift(fresh);
    if (second === 12_000) responders.pop();
    const reload = ocsp.reloadCredentials();
    await Promise.all([...load, reload, ...Array.from({ length: 7 }, (_, number) => ask(number))]);
  }
  t.equal(seen.size, 2);
  t.equal(answers, 12 * 14);
});

t.test('keys of several types answer whoever prefers them, the first one the others', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const p256 = await fixtureResponder(house.bronze);
  const rsa2048 = await fixtureResponder(house.bronze, {}, memorySigner(rsa, 'rsa-sha256'));
  for (const [keyTypes, first] of [
    [['rsa-2048', 'p-256'], 'rsa-sha256'],
    [['p-256', 'rsa-2048'], 'ecdsa-sha256'],
    [['rsa-2048'], 'rsa-sha256'],
  ] as const) {
    const { ocsp } = await started(t, house, [p256, rsa2048], { ocspKeyTypes: keyTypes });
    const algorithmOf = async (...names: SignatureAlgorithmName[]) => {
      const preferred = names.map((name) => ({ signatureAlgorithm: signatureAlgorithmIdentifier(name) }));
      const extensions = names.length > 0 ? [preferredSignatureAlgorithmsExtension(preferred)] : [];
      const { body } = await ocsp.responder.respond(house.request([certificate], { extensions }));
      const response = parseOcspResponse(body);
      if (response.status !== 'successful') return response.status;
      return (['rsa-sha256', 'ecdsa-sha256'] as const).find((name) =>
        signatureAlgorithmIdentifier(name).equals(response.signatureAlgorithm),
      );
    };
    t.equal(await algorithmOf(), first);
    t.equal(await algorithmOf('rsa-sha256'), 'rsa-sha256');
    t.equal(await algorithmOf('ecdsa-sha256'), 'ecdsa-sha256');
  }
});

t.test('a responder whose certificate is revoked signs nothing more', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const [blocked, other] = [await responderOf(house), await responderOf(house)];
  const { ocsp } = await started(t, house, [blocked, other]);
  const signed = async () => {
    const { status, body } = await ocsp.responder.respond(house.request([certificate]));
    return status === 'successful'
      ? readVerified(body, house.bronze.certificate).certificates[0].bytes
      : status;
  };
  t.strictSame(await signed(), blocked.certificate.bytes);
  await house.change(blocked.certificate, 'revoked', 'keyCompromise');
  await ocsp.follower.catchUp();
  t.strictSame(await signed(), other.certificate.bytes);
  await house.change(other.certificate, 'revoked', 'keyCompromise');
  await ocsp.follower.catchUp();
  t.equal(await signed(), 'tryLater');
  const again = await started(t, house, [blocked, other]);
  t.equal((await again.ocsp.responder.respond(house.request([certificate]))).status, 'tryLater');
});

t.test('a key that cannot be opened later leaves the others in use', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const { ocsp, responders } = await started(t, house, [house.bronze.responder]);
  responders.unshift({ ...(await fixtureResponder(house.bronze)), signer: undefined });
  await ocsp.reloadCredentials();
  t.equal((await ocsp.responder.respond(house.request([certificate]))).status, 'successful');
});

t.test(
  'after a week and a restart, the ten thousand that were asked for are answered without a signature',
  async (t) => {
    const house = await FixtureOcsp.create();
    const dataDirectory = temporaryFolder(t);
    const requests = Array.from({ length: 10_000 }, (_, number) => house.request([commit(house, number)]));
    const first = await started(t, house, [house.bronze.responder], { dataDirectory });
    for (const request of requests) await first.ocsp.responder.respond(request);
    await first.ocsp.close();
    house.clock.advanceSeconds(7 * 86_400);
    const key = new CountingSigner(house.bronze.responder.signer);
    const { certificate } = house.bronze.responder;
    const second = await started(t, house, [{ signer: key, certificate }], { dataDirectory });
    const prepared = key.signatures;
    t.ok(prepared >= 10_000, 'before it is ready');
    for (const request of requests) {
      const { cacheable } = await second.ocsp.responder.respond(request);
      if (cacheable?.thisUpdate.getTime() !== house.clock.now().getTime()) t.fail('an answer of last week');
    }
    t.equal(key.signatures, prepared);
  },
);

t.test('a revocation of what is asked for is signed at once', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const key = new CountingSigner(house.bronze.responder.signer);
  const { ocsp } = await started(t, house, [
    { signer: key, certificate: house.bronze.responder.certificate },
  ]);
  await ocsp.responder.respond(house.request([certificate]));
  await house.change(certificate, 'revoked', 'keyCompromise');
  await ocsp.follower.catchUp();
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  const before = key.signatures;
  const { body } = await ocsp.responder.respond(house.request([certificate]));
  t.equal(readVerified(body, house.bronze.certificate).responses[0].status.kind, 'revoked');
  t.equal(key.signatures, before);
});

t.test('metrics tell how current the node is and how long revocations take', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const registry = new Registry();
  const { ocsp } = await started(t, house, [house.bronze.responder], { registry });
  house.source.commit({
    authorityId: 'bronze',
    serialNumber: certificate.serialNumber,
    event: 'revoked',
    reason: 'superseded',
    effectiveAt: NOON,
    recordedAt: NOON,
  });
  house.clock.advanceSeconds(3);
  await ocsp.follower.catchUp();
  house.clock.advanceSeconds(1);
  const text = await registry.metrics();
  for (const line of [
    'mohr_ocsp_revocation_visible_seconds_bucket{le="2"} 0',
    'mohr_ocsp_revocation_visible_seconds_bucket{le="5"} 1',
    'mohr_ocsp_confirmed_age_seconds 1',
    'mohr_ocsp_revocation_alarm 1',
    'mohr_ocsp_certificates 1',
  ])
    t.ok(text.split('\n').includes(line), line);
});

type Listed = Omit<ResponderCredential, 'signer'> & { signer: Signer | undefined };

/** OCSP over a fixture's history; the responders, newest first, may be changed before credentials are loaded again. */
async function started(
  t: { teardown(undo: () => Promise<void>): void },
  house: FixtureOcsp,
  responders: Listed[],
  options: Partial<OcspOptions> = {},
) {
  const ocsp = await startOcsp(
    { clock: house.clock, logger: pino({ level: 'silent' }), ...options },
    {
      statuses: house.source,
      authorities: [{ id: 'bronze', certificate: house.bronze.certificate }],
      listResponders: async () =>
        responders.map(({ certificate }) => ({
          authorityId: 'bronze',
          certificate: certificate.bytes,
          keyReference: certificate.serialNumber.toString('hex'),
        })),
      keys: {
        openSigner: async (reference) => {
          const found = responders.find((one) => one.certificate.serialNumber.toString('hex') === reference);
          if (!found?.signer) throw new Error('the token is gone');
          return found.signer;
        },
      },
    },
  );
  t.teardown(() => ocsp.close());
  return { ocsp, responders };
}

/** A responder whose certificate is in the history, as those are that the service issues. */
async function responderOf(house: FixtureOcsp): Promise<ResponderCredential> {
  const responder = await fixtureResponder(house.bronze);
  commit(house, 0, responder.certificate.serialNumber);
  await house.follower.catchUp();
  return responder;
}

function commit(house: FixtureOcsp, number: number, serialNumber: Buffer = Buffer.alloc(16, 0x11)) {
  if (serialNumber[0] === 0x11) serialNumber.writeUInt32BE(number, 12);
  const issued = { certHash: Buffer.alloc(32, 1), notAfter: at(300 * 86_400) };
  return house.source.commit({
    authorityId: 'bronze',
    serialNumber,
    event: 'issued',
    effectiveAt: NOON,
    issued,
  });
}

function at(seconds: number): Date {
  return new Date(NOON.getTime() + seconds * 1000);
}
