import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { preferredSignatureAlgorithmsExtension } from '../../pki/ocsp-extensions.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { verifyOcspResponse } from '../../pki/ocsp-verification.ts';
import { ALG, KP } from '../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { FixtureOcsp, NOON, fixtureResponder } from '../support/fixture-ocsp.ts';
import { memorySigner } from '../support/memory-signer.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;

t.test('refuses a certificate that is for another key', async (t) => {
  const house = await FixtureOcsp.create();
  const { certificate } = await fixtureResponder(house.bronze);
  const use = () => house.responder.useCredentials('bronze', [{ signer: memorySigner(), certificate }]);
  t.throws(use, { code: 'responder-not-authorized' });
});

t.test('refuses a certificate that does not delegate OCSP signing', async (t) => {
  const house = await FixtureOcsp.create();
  const clientAuth = await fixtureResponder(house.bronze, {
    extensions: [extendedKeyUsageExtension([KP.clientAuth])],
  });
  const ofSilver = await fixtureResponder(house.silver);
  for (const credential of [clientAuth, ofSilver]) {
    t.throws(() => house.responder.useCredentials('bronze', [credential]), {
      code: 'responder-not-authorized',
    });
  }
  t.equal(
    await house.statusOf(await house.issue()).then(({ kind }) => kind),
    'good',
    'the old ones stay in use',
  );
});

t.test('signs with the authority itself, and then sends no certificate', async (t) => {
  const house = await FixtureOcsp.create();
  const { signer, certificate } = house.bronze;
  house.responder.useCredentials('bronze', [{ signer, certificate }]);
  const { certificates } = await house.ask(house.request([await house.issue()]));
  t.strictSame(certificates, []);
});

t.test('sends the certificate of the delegate', async (t) => {
  const house = await FixtureOcsp.create();
  const { certificates } = await house.ask(house.request([await house.issue()]));
  t.strictSame(
    certificates.map(({ bytes }) => bytes),
    [house.bronze.responder.certificate.bytes],
  );
});

const signers = {
  'ecdsa-sha256': memorySigner(),
  'ecdsa-sha384': memorySigner(p384, 'ecdsa-sha384'),
  'rsa-sha256': memorySigner(rsa, 'rsa-sha256'),
  'rsa-pss-sha256': memorySigner(rsa, 'rsa-pss-sha256'),
  ed25519: memorySigner(ed25519, 'ed25519'),
};
const ordered = Object.keys(signers) as (keyof typeof signers)[];

t.test(
  'honours the preferred signature algorithm where there is a key, else signs with the first',
  async (t) => {
    const { house, certificate } = await houseWith(ordered);
    const answeredWith = async (...names: SignatureAlgorithmName[]) => {
      const preferred = names.map((name) => ({ signatureAlgorithm: signatureAlgorithmIdentifier(name) }));
      return algorithmOf(house, certificate, preferred);
    };
    for (const name of ordered) t.equal(await answeredWith(name), name);
    t.equal(await answeredWith('rsa-sha512'), 'ecdsa-sha256', 'no key has it');
    t.equal(await answeredWith('rsa-sha512', 'ed25519', 'rsa-sha256'), 'ed25519', 'the first that a key has');
    t.equal(await answeredWith(), 'ecdsa-sha256');
  },
);

t.test('passes over an algorithm that is not known', async (t) => {
  const { house, certificate } = await houseWith(ordered);
  const unknown = { signatureAlgorithm: asn1.sequence(asn1.oid('1.2.3.4')) };
  const wanted = { signatureAlgorithm: signatureAlgorithmIdentifier('rsa-sha256') };
  t.equal(await algorithmOf(house, certificate, [unknown, wanted]), 'rsa-sha256');
});

t.test('honours the curve that is preferred', async (t) => {
  const { house, certificate } = await houseWith(['ecdsa-sha256', 'rsa-sha256']);
  const on = (...parameters: Buffer[]) => ({
    signatureAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha256'),
    publicKeyAlgorithm: asn1.sequence(asn1.oid(ALG.ecPublicKey), ...parameters),
  });
  const rsa = { signatureAlgorithm: signatureAlgorithmIdentifier('rsa-sha256') };
  t.equal(await algorithmOf(house, certificate, [on(asn1.oid(ALG.prime256v1)), rsa]), 'ecdsa-sha256');
  t.equal(await algorithmOf(house, certificate, [on(), rsa]), 'ecdsa-sha256');
  t.equal(await algorithmOf(house, certificate, [on(asn1.oid(ALG.secp384r1)), rsa]), 'rsa-sha256');
});

t.test('gives each preferred algorithm its own prepared answer', async (t) => {
  const { house, certificate } = await houseWith(['ecdsa-sha256', 'rsa-sha256']);
  const preferred = [{ signatureAlgorithm: signatureAlgorithmIdentifier('rsa-sha256') }];
  for (let round = 0; round < 2; round += 1) {
    t.equal(await algorithmOf(house, certificate, []), 'ecdsa-sha256');
    t.equal(await algorithmOf(house, certificate, preferred), 'rsa-sha256');
  }
});

t.test('rolls over to a new certificate when it has settled, and before the old one ends', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const old = await fixtureResponder(house.bronze, { notAfter: at(3 * 3600) });
  const fresh = await fixtureResponder(house.bronze, { notBefore: at(0) });
  house.responder.useCredentials('bronze', [fresh, old]);
  const responderAt = async (seconds: number) => {
    house.clock.set(at(seconds));
    await house.follower.catchUp();
    const { certificates } = await house.ask(house.request([certificate]));
    return certificates[0].bytes.equals(fresh.certificate.bytes) ? 'fresh' : 'old';
  };
  t.equal(await responderAt(0), 'old', 'clocks that are behind do not accept the new one yet');
  t.equal(await responderAt(3599), 'old');
  t.equal(await responderAt(3600), 'fresh');
  t.equal(await responderAt(3 * 3600 + 1), 'fresh');
});

t.test('takes a fresh certificate at once when the old one does not outlive the answer', async (t) => {
  const house = await FixtureOcsp.create();
  const old = await fixtureResponder(house.bronze, { notAfter: at(599) });
  const fresh = await fixtureResponder(house.bronze, { notBefore: at(0) });
  house.responder.useCredentials('bronze', [old, fresh]);
  const { certificates } = await house.ask(house.request([await house.issue()]));
  t.strictSame(certificates[0].bytes, fresh.certificate.bytes);
});

t.test('promises nothing beyond the end of the certificate that signs', async (t) => {
  const house = await FixtureOcsp.create();
  house.responder.useCredentials('bronze', [await fixtureResponder(house.bronze, { notAfter: at(300) })]);
  const { responses } = await house.ask(house.request([await house.issue()]));
  t.strictSame(responses[0].nextUpdate, at(300));
});

t.test('does not sign with a certificate that is not valid', async (t) => {
  const house = await FixtureOcsp.create();
  const request = house.request([await house.issue()]);
  for (const validity of [{ notAfter: at(-1) }, { notBefore: at(1) }]) {
    house.responder.useCredentials('bronze', [await fixtureResponder(house.bronze, validity)]);
    t.equal((await house.responder.respond(request)).status, 'tryLater');
  }
  t.match(house.faults, [{ code: 'responder-not-valid' }, { code: 'responder-not-valid' }]);
});

t.test('gives no answer any more that a key signed which is no longer in use', async (t) => {
  const house = await FixtureOcsp.create();
  const request = house.request([await house.issue()]);
  await house.ask(request);
  const fresh = await fixtureResponder(house.bronze);
  house.responder.useCredentials('bronze', [fresh]);
  const { certificates } = await house.ask(request);
  t.strictSame(certificates[0].bytes, fresh.certificate.bytes);
});

t.test('keeps what it has prepared when a key stays in use', async (t) => {
  const house = await FixtureOcsp.create();
  const request = house.request([await house.issue()]);
  const { body } = await house.responder.respond(request);
  house.responder.useCredentials('bronze', [house.bronze.responder, await fixtureResponder(house.bronze)]);
  t.equal((await house.responder.respond(request)).body, body);
});

t.test('takes no keys for an authority that it does not host', async (t) => {
  const house = await FixtureOcsp.create();
  t.throws(() => house.responder.useCredentials('platinum', []), { code: 'authority-unknown' });
});

async function houseWith(names: (keyof typeof signers)[]) {
  const house = await FixtureOcsp.create();
  const credentials = await Promise.all(
    names.map((name) => fixtureResponder(house.bronze, {}, signers[name])),
  );
  house.responder.useCredentials('bronze', credentials);
  return { house, certificate: await house.issue() };
}

/** Name of the algorithm with which a request is answered. */
async function algorithmOf(
  house: FixtureOcsp,
  certificate: Certificate,
  preferred: Parameters<typeof preferredSignatureAlgorithmsExtension>[0],
): Promise<string | undefined> {
  const extensions = preferred.length > 0 ? [preferredSignatureAlgorithmsExtension(preferred)] : [];
  const { body } = await house.responder.respond(house.request([certificate], { extensions }));
  const response = parseOcspResponse(body);
  if (response.status !== 'successful' || !verifyOcspResponse(response, house.bronze.certificate).verified)
    return undefined;
  return ordered.find((name) => signatureAlgorithmIdentifier(name).equals(response.signatureAlgorithm));
}

function at(seconds: number): Date {
  return new Date(NOON.getTime() + seconds * 1000);
}
