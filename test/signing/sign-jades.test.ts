import { createHash, generateKeyPairSync } from 'node:crypto';

import { FlattenedSign, compactVerify, flattenedVerify, generalVerify, importX509 } from 'jose';
import type { FlattenedJWSInput, GeneralJWSInput } from 'jose';
import t from 'tap';

import { encodePem } from '../../pki/pem.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { readJws } from '../../formats/jws/read-jws.ts';
import { prepareJades, signJades } from '../../signing/jades/sign-jades.ts';
import type { JadesRequest } from '../../signing/jades/sign-jades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';

const content = Buffer.from('{"docId":"0000112233","note":"نسخهٔ آزمایشی"}');
const deployment = await FixtureDeployment.create();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

const keys: { alg: string; key: typeof rsa; algorithm: SignatureAlgorithmName }[] = [
  { alg: 'ES256', key: ec('P-256'), algorithm: 'ecdsa-sha256' },
  { alg: 'ES384', key: ec('P-384'), algorithm: 'ecdsa-sha384' },
  { alg: 'ES512', key: ec('P-521'), algorithm: 'ecdsa-sha512' },
  { alg: 'RS256', key: rsa, algorithm: 'rsa-sha256' },
  { alg: 'PS256', key: rsa, algorithm: 'rsa-pss-sha256' },
  { alg: 'EdDSA', key: generateKeyPairSync('ed25519').privateKey, algorithm: 'ed25519' },
];

for (const { alg, key, algorithm } of keys) {
  t.test(`signs JAdES with ${alg}, and jose verifies it`, async (t) => {
    const doctor = await deployment.issue(memorySigner(key, algorithm));
    const publicKey = await importX509(encodePem('CERTIFICATE', doctor.certificate.bytes), alg);
    const compact = await sign(doctor, {});
    const { payload, protectedHeader } = await compactVerify(compact.toString(), publicKey);
    t.same(Buffer.from(payload), content);
    t.match(protectedHeader, { alg, cty: 'json', typ: 'jose', iat: NOON.getTime() / 1000 });
    const flattened = await sign(doctor, { serialization: 'flattened' });
    t.same(
      Buffer.from((await flattenedVerify(jsonOf<FlattenedJWSInput>(flattened), publicKey)).payload),
      content,
    );
    const general = await sign(doctor, { serialization: 'general' });
    t.same(Buffer.from((await generalVerify(jsonOf<GeneralJWSInput>(general), publicKey)).payload), content);
    const unencoded = await sign(doctor, { serialization: 'flattened', isPayloadEncoded: false });
    t.same(
      Buffer.from((await flattenedVerify(jsonOf<FlattenedJWSInput>(unencoded), publicKey)).payload),
      content,
    );
    for (const signature of [compact, flattened, general, unencoded])
      t.match(await deployment.validate(signature), {
        indication: 'TOTAL-PASSED',
        cryptographic: 'PASSED',
        signatures: [{ format: 'JAdES', packaging: 'enveloping', claimedSigningTime: NOON.toISOString() }],
      });
  });
}

t.test('signs what stays outside', async (t) => {
  const doctor = await deployment.issue();
  for (const isPayloadEncoded of [true, false]) {
    const signature = await sign(doctor, { detached: true, isPayloadEncoded });
    t.equal(readJws(signature).payload, undefined);
    t.match(await deployment.validate(signature, { content }), {
      indication: 'TOTAL-PASSED',
      signatures: [{ packaging: 'detached' }],
    });
    t.match(await deployment.validate(signature), {
      indication: 'INDETERMINATE',
      subIndication: 'SIGNED_DATA_NOT_FOUND',
    });
    const other = Buffer.concat([content, Buffer.from(' ')]);
    t.match(await deployment.validate(signature, { content: other }), {
      indication: 'TOTAL-FAILED',
      subIndication: 'SIG_CRYPTO_FAILURE',
    });
  }
});

const scan = Buffer.from('89504e470d0a1a0a', 'hex');
const documents = [
  { name: 'https://his.example/prescription.json', bytes: content, mediaType: 'application/json' },
  { name: 'scan.png', bytes: scan, mediaType: 'image/png' },
];
const byName = new Map(documents.map(({ name, bytes }) => [name, bytes]));

for (const mechanism of ['byUri', 'byUriHash'] as const) {
  for (const isPayloadEncoded of [true, false]) {
    t.test(`points to documents ${mechanism}, b64 ${isPayloadEncoded}`, async (t) => {
      const doctor = await deployment.issue();
      const signature = await sign(doctor, {
        content: undefined,
        pointedTo: { mechanism, documents },
        isPayloadEncoded,
      });
      t.match(readJws(signature), {
        payload: undefined,
        signatures: [{ protectedHeader: { crit: isPayloadEncoded ? ['sigD'] : ['b64', 'sigD'] } }],
      });
      t.match(await deployment.validate(signature, { contentsByName: byName }), {
        indication: 'TOTAL-PASSED',
        signatures: [{ format: 'JAdES', packaging: 'detached' }],
      });
      const lacking = await deployment.validate(signature, { contentsByName: new Map([...byName].slice(1)) });
      t.match(lacking, { indication: 'INDETERMINATE', subIndication: 'SIGNED_DATA_NOT_FOUND' });
      t.match(lacking.reasons[0].text, /prescription\.json/, 'it says which');
      const swapped = new Map([
        [documents[0].name, scan],
        [documents[1].name, content],
      ]);
      t.match(await deployment.validate(signature, { contentsByName: swapped }), {
        indication: 'TOTAL-FAILED',
        subIndication: mechanism === 'byUri' ? 'SIG_CRYPTO_FAILURE' : 'HASH_FAILURE',
      });
    });
  }
}

t.test('points to the fields of an HTTP message', async (t) => {
  const doctor = await deployment.issue();
  const fields = {
    '(request-target)': 'post /api/prescriptions',
    'content-type': ' application/json ',
    digest: `SHA-256=${createHash('sha256').update(content).digest('base64')}`,
  };
  const named = Object.entries(fields).map(([name, value]) => ({ name, bytes: Buffer.from(value) }));
  const contentsByName = new Map(named.map(({ name, bytes }) => [name, bytes]));
  const pointedTo = { mechanism: 'httpHeaders' as const, documents: named };
  const signature = await sign(doctor, { pointedTo, isPayloadEncoded: false });
  t.match(await deployment.validate(signature, { content, contentsByName }), { indication: 'TOTAL-PASSED' });
  t.match(
    await deployment.validate(signature, { contentsByName }),
    { indication: 'INDETERMINATE', subIndication: 'SIGNED_DATA_NOT_FOUND' },
    'without the body only its digest is signed',
  );
  t.match(await deployment.validate(signature, { content: scan, contentsByName }), {
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
  });
  const forged = new Map(contentsByName).set('(request-target)', Buffer.from('post /api/other'));
  t.match(await deployment.validate(signature, { content, contentsByName: forged }), {
    indication: 'TOTAL-FAILED',
    subIndication: 'SIG_CRYPTO_FAILURE',
  });
  t.rejects(sign(doctor, { pointedTo }), { code: 'jws-malformed' }, 'b64 has to be false');
});

t.test('a key that is elsewhere signs the same octets', async (t) => {
  const doctor = await deployment.issue();
  const request = {
    ...defaults,
    content,
    certificate: doctor.certificate,
    algorithm: doctor.signer.algorithm,
  };
  const prepared = prepareJades(request);
  t.same(prepareJades(request).octets, prepared.octets, 'what is to be signed can be put together again');
  const signature = prepared.assemble(await doctor.signer.sign(prepared.octets));
  t.match(await deployment.validate(signature), { indication: 'TOTAL-PASSED' });
});

t.test('refuses what JWS cannot say', async (t) => {
  const doctor = await deployment.issue();
  const other = await deployment.issue();
  await t.rejects(sign({ ...doctor, certificate: other.certificate }, {}), {
    code: 'signer-certificate-mismatch',
  });
  const brainpool = await deployment.issue(memorySigner(ec('brainpoolP256r1')));
  await t.rejects(sign(brainpool, {}), { code: 'signature-algorithm-unsupported' });
  await t.rejects(
    sign(doctor, { content: Buffer.from('a.b'), isPayloadEncoded: false }),
    { code: 'jws-malformed' },
    'a point would end the payload (RFC 7797 §5.2)',
  );
});

t.test('validates what jose signs', async (t) => {
  const doctor = await deployment.issue();
  const x5c = [doctor.certificate.bytes.toString('base64')];
  const signed = await new FlattenedSign(content)
    .setProtectedHeader({ alg: 'ES256', x5c })
    .sign(doctor.signer.privateKey);
  t.match(await deployment.validate(Buffer.from(JSON.stringify(signed))), {
    indication: 'TOTAL-PASSED',
    signatures: [{ format: 'JWS' }],
  });
  const detached = await new FlattenedSign(content)
    .setProtectedHeader({ alg: 'ES256', x5c, b64: false, crit: ['b64'] })
    .sign(doctor.signer.privateKey);
  const compact = `${detached.protected}..${detached.signature}`;
  t.match(await deployment.validate(Buffer.from(compact), { content }), { indication: 'TOTAL-PASSED' });
});

const defaults = { chain: [deployment.bronze.certificate], signingTime: NOON, mediaType: 'application/json' };

function sign(
  { signer, certificate }: Holder,
  overrides: Omit<Partial<JadesRequest>, 'content'> & { content?: Buffer | undefined },
): Promise<Buffer> {
  const { content: given, ...rest } = { content, ...overrides };
  return signJades({ ...defaults, signer, certificate, ...rest, ...(given && { content: given }) });
}

function jsonOf<Input>(signature: Buffer): Input {
  return JSON.parse(signature.toString()) as Input;
}
