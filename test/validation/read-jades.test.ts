import { createHmac, generateKeyPairSync, sign as signWithKey } from 'node:crypto';

import fc from 'fast-check';
import t from 'tap';

import { DomainError } from '../../core/errors.ts';
import { encodePem } from '../../pki/pem.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import { looksLikeJws } from '../../formats/jws/read-jws.ts';
import { readSignatures } from '../../validation/signature-formats.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';

// The attacks on JWS (RFC 8725 §2, RFC 7515 §10) and what a JAdES header may say of its certificate.

const content = Buffer.from('{"docId":"0000112233"}');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const other = await deployment.issue();
const x5c = [doctor, deployment.bronze].map(({ certificate }) => certificate.bytes.toString('base64'));
const sha256Of = ({ certificate }: Holder) => digest('sha256', certificate.bytes).toString('base64url');
const UNBOUND = { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE' };
const ELSEWHERE = { indication: 'INDETERMINATE', subIndication: 'NO_SIGNING_CERTIFICATE_FOUND' };
const UNSUPPORTED = {
  indication: 'INDETERMINATE',
  subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
  cryptographic: 'NOT_CHECKED',
};
const MALFORMED = { indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' };
const WRONG = { indication: 'TOTAL-FAILED', subIndication: 'SIG_CRYPTO_FAILURE' };

t.test('no algorithm but a digital signature is one', async (t) => {
  const header = { alg: 'ES256', x5c };
  t.match(await validate(header), { indication: 'TOTAL-PASSED' }, 'as it should be');
  for (const alg of [
    'none',
    'None',
    'NONE',
    '',
    'HS256',
    'ES256K',
    'A128KW',
    'ML-KEM-768',
    7,
    null,
    ['ES256'],
    {},
  ])
    t.match(await validate({ ...header, alg }), UNSUPPORTED, JSON.stringify(alg));
  t.match(await validate({ x5c }), UNSUPPORTED, 'no algorithm');
  const { protectedText, payloadText } = partsOf({ ...header, alg: 'none' });
  t.match(
    await deployment.validate(Buffer.from(`${protectedText}.${payloadText}.`)),
    UNSUPPORTED,
    'no signature either',
  );
});

t.test('a public key is no secret of an HMAC', async (t) => {
  const { protectedText, payloadText } = partsOf({ alg: 'HS256', x5c });
  const { bytes, subjectPublicKeyInfo } = doctor.certificate;
  for (const secret of [
    subjectPublicKeyInfo,
    Buffer.from(encodePem('PUBLIC KEY', subjectPublicKeyInfo)),
    bytes,
  ]) {
    const mac = createHmac('sha256', secret).update(`${protectedText}.${payloadText}`).digest('base64url');
    t.match(await deployment.validate(Buffer.from([protectedText, payloadText, mac].join('.'))), UNSUPPORTED);
  }
});

t.test('an algorithm for another key does not verify', async (t) => {
  for (const alg of ['RS256', 'PS256', 'ES384', 'ES512', 'EdDSA'])
    t.match(await validate({ alg, x5c }), WRONG, alg);
});

t.test('signatures of zeros are nobody’s', async (t) => {
  const { protectedText, payloadText } = partsOf({ alg: 'ES256', x5c });
  for (const signature of [Buffer.alloc(64), Buffer.alloc(0), Buffer.from('3006020100020100', 'hex')]) {
    const document = [protectedText, payloadText, signature.toString('base64url')].join('.');
    t.match(await deployment.validate(Buffer.from(document)), WRONG);
  }
});

t.test('a key in the header is nobody’s, and URLs are not followed', async (t) => {
  const jwk = doctor.signer.privateKey.export({ format: 'jwk' });
  const key = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
  for (const header of [
    { jwk: key },
    { jku: 'http://127.0.0.1:9/keys' },
    { x5u: 'http://127.0.0.1:9/x' },
    { kid: '1' },
  ])
    t.match(await validate({ alg: 'ES256', ...header }), ELSEWHERE);
  t.match(await validate({ alg: 'ES256', x5c, jku: 'http://127.0.0.1:9/keys' }), {
    indication: 'TOTAL-PASSED',
  });
});

t.test('the certificate is the one that is signed', async (t) => {
  const x5tS256 = { 'x5t#S256': sha256Of(doctor) };
  const sha512 = { digAlg: 'S512', digVal: digest('sha512', doctor.certificate.bytes).toString('base64url') };
  const good: object[] = [
    { x5c },
    { x5c, ...x5tS256 },
    { x5c, 'x5t#o': sha512 },
    { x5c, sigX5ts: [sha512, { digAlg: 'S256', digVal: sha256Of(deployment.bronze) }] },
    { x5c, x5t: digest('sha1', doctor.certificate.bytes).toString('base64url') },
  ];
  for (const header of good)
    t.match(
      await validate({ alg: 'ES256', ...header }),
      { indication: 'TOTAL-PASSED' },
      Object.keys(header).join(),
    );
  const bad: object[] = [
    { 'x5t#S256': sha256Of(other) },
    { 'x5t#S256': sha256Of(doctor), 'x5t#o': { digAlg: 'S256', digVal: sha256Of(other) } },
    { 'x5t#o': { digAlg: 'S1', digVal: 'AAAA' } },
    { 'x5t#o': 'AAAA' },
    { sigX5ts: [] },
    { sigX5ts: [{ digAlg: 'S256', digVal: sha256Of(other) }] },
    { x5t: digest('sha1', other.certificate.bytes).toString('base64url') },
    { 'x5t#S256': 7 },
  ];
  for (const header of bad)
    t.match(await validate({ alg: 'ES256', x5c, ...header }), ELSEWHERE, JSON.stringify(header));
  t.match(await validate({ alg: 'ES256', x5c: [...x5c].reverse() }), WRONG, 'the first of x5c is the signer');
  t.match(await validate({ alg: 'ES256', x5c: ['AAAA'] }), MALFORMED);
  t.match(await validate({ alg: 'ES256', x5c: [7] }), MALFORMED);
});

t.test('a certificate in the unprotected header counts where its hash is signed', async (t) => {
  const required = { policy: { ...deployment.policy, signingCertificateReference: 'required' as const } };
  const bound = flattened({ alg: 'ES256', 'x5t#S256': sha256Of(doctor) }, { x5c });
  t.match(await deployment.validate(bound, required), { indication: 'TOTAL-PASSED' });
  const unbound = flattened({ alg: 'ES256' }, { x5c });
  t.match(await deployment.validate(unbound, required), UNBOUND);
  t.match(await deployment.validate(unbound), {
    indication: 'TOTAL-PASSED',
    signatures: [{ format: 'JWS' }],
  });
  const forged = flattened({ alg: 'ES256', 'x5t#S256': sha256Of(other) }, { x5c });
  t.match(await deployment.validate(forged, required), ELSEWHERE);
});

t.test('a header that cannot be honoured fails', async (t) => {
  t.match(await validate({ alg: 'ES256', x5c, crit: ['exp'], exp: 1 }), MALFORMED);
  t.match(await validate({ alg: 'ES256', x5c, b64: false }), MALFORMED);
  t.match(
    await validate({ alg: 'ES256', x5c, sigD: { mId: 'http://example.org/other', pars: ['x'] } }),
    MALFORMED,
  );
  t.match(await deployment.validate(flattened({ x5c }, { alg: 'ES256' })), MALFORMED);
});

t.test('one of several signatures fails alone', async (t) => {
  const [good, bad] = [
    { alg: 'ES256', x5c },
    { alg: 'ES256', x5c, crit: ['x'] },
  ].map((header) => partsOf(header));
  const entry = (part: typeof good) => ({ protected: part.protectedText, signature: part.signature });
  const document = { payload: good.payloadText, signatures: [entry(good), entry(bad)] };
  t.match(await deployment.validate(Buffer.from(JSON.stringify(document))), {
    indication: 'TOTAL-FAILED',
    signatures: [{ indication: 'TOTAL-PASSED' }, { indication: 'TOTAL-FAILED' }],
  });
});

t.test('times that a signer claims', (t) => {
  const claims: [object, Date | undefined][] = [
    [{ iat: NOON.getTime() / 1000 }, NOON],
    [{ sigT: '2026-06-15T15:30:00+03:30', crit: ['sigT'] }, NOON],
    [{ sigT: '15 June 2026' }, undefined],
    [{ sigT: '1' }, undefined],
    [{ iat: '1781524800' }, undefined],
    [{ iat: 1e300 }, undefined],
  ];
  for (const [claim, time] of claims) {
    const { signatures } = readSignatures({ ...input, signature: compact({ alg: 'ES256', x5c, ...claim }) });
    t.strictSame(signatures[0].claimedSigningTime, time, JSON.stringify(claim));
  }
  t.end();
});

t.test('what a signer says beside the content is reported', (t) => {
  const header = {
    alg: 'ES256',
    x5c,
    cty: 'fhir+json',
    sigPId: { id: 'urn:oid:2.999.1' },
    srCms: [{ commId: { id: 'http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin' } }],
    srAts: [{ claimed: [{ qVals: ['physician', 7] }] }],
    sigPl: { addressLocality: 'Tehran', addressCountry: 'IR' },
  };
  const { signatures } = readSignatures({ ...input, signature: compact(header) });
  t.strictSame(signatures[0].signedProperties, {
    signaturePolicy: 'urn:oid:2.999.1',
    commitmentTypes: ['http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin'],
    claimedRoles: ['physician'],
    productionPlace: 'Tehran, IR',
    mediaType: 'application/fhir+json',
  });
  const odd = { alg: 'ES256', x5c, sigPId: 7, srCms: [null, 'x'], srAts: {}, sigPl: [] };
  const [bare] = readSignatures({ ...input, signature: compact(odd) }).signatures;
  t.equal(bare.signedProperties, undefined);
  t.end();
});

t.test('countersignatures are read below what they sign', async (t) => {
  const parts = partsOf({ alg: 'ES256', x5c });
  const value = Buffer.from(parts.signature, 'base64url');
  const { signer, certificate } = other;
  const counter = await signJades({ content: value, detached: true, signer, certificate, signingTime: NOON });
  const nested = { protected: counter.toString().split('.')[0], signature: counter.toString().split('.')[2] };
  for (const cSig of [counter.toString(), nested]) {
    const document = {
      payload: parts.payloadText,
      protected: parts.protectedText,
      signature: parts.signature,
      header: { etsiU: [{ cSig }] },
    };
    const { signatures } = readSignatures({ ...input, signature: Buffer.from(JSON.stringify(document)) });
    const [countersignature] = signatures[0].counterSignatures;
    t.match(countersignature, { id: '0/0', format: 'JAdES', packaging: 'detached' });
    t.match(countersignature.verify(certificate), { verdict: 'PASSED' });
    const forged = { ...document, signature: partsOf({ alg: 'ES256', x5c }).signature };
    const [over] = readSignatures({ ...input, signature: Buffer.from(JSON.stringify(forged)) }).signatures;
    t.match(
      over.counterSignatures[0].verify(certificate),
      { verdict: 'FAILED' },
      'it is over this very signature',
    );
  }
  let deep: object = nested;
  for (let depth = 0; depth < 6; depth += 1) deep = { ...nested, header: { etsiU: [{ cSig: deep }] } };
  const bottom = {
    payload: parts.payloadText,
    protected: parts.protectedText,
    signature: parts.signature,
    header: { etsiU: [{ cSig: deep }] },
  };
  let [signature] = readSignatures({ ...input, signature: Buffer.from(JSON.stringify(bottom)) }).signatures;
  while (signature.counterSignatures.length > 0) [signature] = signature.counterSignatures;
  t.match(signature.signingCertificate.reasons, [{ code: 'header-malformed', text: /nest deeper/ }]);
});

t.test('what nobody signed and cannot be read is passed over', async (t) => {
  const components: [unknown, RegExp][] = [
    [{}, /etsiU is no list/],
    [['AAAA', { sigTst: {} }], /base64url and in clear/],
    [[{ sigTst: {}, rVals: {} }], /exactly one member/],
    [[{ sigTst: { tstTokens: [] } }], /0 tokens/],
    [[{ sigTst: { tstTokens: [{ val: 'A' }] } }], /not base64/],
    [
      [{ rVals: { crlVals: [{ val: 'AAAA', encoding: 'http://uri.etsi.org/01903/v1.2.2#XER' }] } }],
      /expected DER/,
    ],
    [[{ xVals: [{ x509Cert: { val: 'AAAA' } }] }], /xVals cannot be read/],
    [Array(129).fill({ a: 1 }), /129 components/],
  ];
  for (const [etsiU, text] of components) {
    const report = await deployment.validate(flattened({ alg: 'ES256', x5c }, { etsiU }));
    t.match(report, { indication: 'TOTAL-PASSED', reasons: [{ code: 'input-passed-over', text }] });
  }
});

t.test('is told from other formats', (t) => {
  t.ok(looksLikeJws(Buffer.from(' \n{"signatures":[]}')));
  t.ok(looksLikeJws(compact({ alg: 'ES256' })));
  t.ok(looksLikeJws(Buffer.from(`${Buffer.from('{ "alg":"ES256"}').toString('base64url')}..AA`)));
  for (const text of ['<xml/>', '%PDF-1.7', '-----BEGIN CMS-----', 'PK\u0003\u0004', '', 'e', 'hello'])
    t.notOk(looksLikeJws(Buffer.from(text)), text);
  t.notOk(looksLikeJws(Buffer.from('3080', 'hex')));
  t.end();
});

t.test('whatever is changed, nothing passes that was not signed', async () => {
  const genuine = flattened({ alg: 'ES256', x5c, iat: NOON.getTime() / 1000 }, { etsiU: [] });
  const text = genuine.toString();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length - 1),
      fc.constantFrom(...'AZaz09-_"{}[],:.\\ '),
      async (at, character) => {
        const changed = Buffer.from(text.slice(0, at) + character + text.slice(at + 1));
        let report;
        try {
          report = await deployment.validate(changed);
        } catch (cause) {
          return cause instanceof DomainError;
        }
        // The unprotected header, and names beside it, are nobody's.
        const parsed = JSON.parse(changed.toString()) as Record<string, string>;
        const same = JSON.parse(text) as Record<string, string>;
        const isGenuine = ['payload', 'protected', 'signature'].every((name) => parsed[name] === same[name]);
        return isGenuine || report.indication !== 'TOTAL-PASSED';
      },
    ),
    { numRuns: 300 },
  );
});

t.test('P-384 keys in software of others sign with ES384 only', async (t) => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const { certificate } = await deployment.issue(memorySigner(key, 'ecdsa-sha256'));
  const header = { x5c: [certificate.bytes.toString('base64')] };
  const signed = (alg: string, hash: string) => {
    const { protectedText, payloadText } = partsOf({ alg, ...header });
    const octets = Buffer.from(`${protectedText}.${payloadText}`);
    const signature = signWithKey(hash, octets, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    return Buffer.from([protectedText, payloadText, signature].join('.'));
  };
  t.match(await deployment.validate(signed('ES384', 'sha384')), { indication: 'TOTAL-PASSED' });
  t.match(await deployment.validate(signed('ES256', 'sha256')), WRONG);
});

const input = { signingCertificateReference: 'checked-if-present' as const };

/** Signed by the doctor, whatever the header says. */
function partsOf(header: object): { protectedText: string; payloadText: string; signature: string } {
  const protectedText = Buffer.from(JSON.stringify(header)).toString('base64url');
  const payloadText = content.toString('base64url');
  const octets = Buffer.from(`${protectedText}.${payloadText}`);
  const signature = signWithKey('sha256', octets, {
    key: doctor.signer.privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return { protectedText, payloadText, signature: signature.toString('base64url') };
}

function compact(header: object): Buffer {
  const { protectedText, payloadText, signature } = partsOf(header);
  return Buffer.from([protectedText, payloadText, signature].join('.'));
}

function flattened(protectedHeader: object, header: object): Buffer {
  const { protectedText, payloadText, signature } = partsOf(protectedHeader);
  return Buffer.from(JSON.stringify({ payload: payloadText, protected: protectedText, header, signature }));
}

function validate(header: object) {
  return deployment.validate(compact(header));
}
