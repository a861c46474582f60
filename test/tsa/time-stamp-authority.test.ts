import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import t from 'tap';

import { publicKeyOf } from '../../pki/certificate.ts';
import { certificateReferencesOf, refersTo } from '../../pki/cms/signing-certificate-reference.ts';
import { verifySignerInfo } from '../../pki/cms/verify-signer-info.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { digest, digestOid } from '../../pki/digest-algorithm.ts';
import { ALG, CE } from '../../pki/oid.ts';
import { encodeTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../pki/tsp/time-stamp-response.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import type { TimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { TSA_POLICY, fixtureAuthority } from '../support/fixture-authority.ts';
import { NOON } from '../support/fixture-deployment.ts';
import { opensslTsaFiles } from '../support/openssl-tsa.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const CONTENT = 'Rp. Amoxicillin 500 mg\r\n';
const HASH = digest('sha256', Buffer.from(CONTENT));
const GOOD = { digestOid: digestOid('sha256'), hash: HASH };

t.test('openssl accepts what it is given for its own queries', async (t) => {
  const { tsa, authority } = await fixtureAuthority();
  const cwd = t.testdir({ ...opensslTsaFiles(tsa), content: CONTENT });
  for (const hash of ['-sha256', '-sha384', '-sha512']) {
    for (const more of [['-cert'], ['-cert', '-no_nonce'], ['-cert', '-tspolicy', TSA_POLICY], []]) {
      const query = runOpenssl(['ts', '-query', '-data', 'content', hash, ...more], { cwd });
      writeFileSync(join(cwd, 'request.tsq'), query);
      const { outcome, body } = await authority.answer(query);
      t.equal(outcome, 'granted');
      writeFileSync(join(cwd, 'reply.tsr'), body);
      const verify = ['ts', '-verify', '-in', 'reply.tsr', '-CAfile', 'root.pem', '-untrusted', 'tsa.pem'];
      const at = ['-attime', String(NOON.getTime() / 1000)];
      for (const against of [
        ['-queryfile', 'request.tsq'],
        ['-data', 'content'],
      ])
        t.match(runOpenssl([...verify, ...at, ...against], { cwd }).toString(), /Verification: OK/, hash);
    }
  }
});

t.test('says what RFC 3161 asks for', async (t) => {
  const { tsa, authority } = await fixtureAuthority();
  const nonce = Buffer.from('00ff', 'hex');
  const { info, signedData } = tokenOf(
    await authority.answer(
      encodeTimeStampRequest({ ...GOOD, nonce, certReq: true, digestParameters: asn1.NULL }),
    ),
  );
  t.match(info, { policy: TSA_POLICY, digestOid: ALG.sha256, ordering: true, accuracyMilliseconds: 1_000 });
  t.same(info.hash, HASH);
  t.same(info.nonce, nonce);
  t.same(info.digestParameters, asn1.NULL, 'the imprint is repeated as it was asked');
  t.same(info.genTime, NOON);
  t.equal(info.serialNumber.length, 17);
  t.same(info.tsa, asn1.explicit(4, tsa.certificate.subject.bytes));
  const [signer] = signedData.signerInfos;
  const { contentType, content } = signedData;
  const verified = verifySignerInfo(signer, { contentType, content: content! }, publicKeyOf(tsa.certificate));
  t.equal(verified.outcome, 'valid');
  const [reference] = certificateReferencesOf(signer.signedAttributes!.list);
  t.equal(refersTo(reference, tsa.certificate), true);
  t.same(
    signedData.certificates.map(({ bytes }) => bytes),
    [tsa.certificate.bytes],
  );
});

t.test('leaves its certificate out when nobody asks for it', async (t) => {
  const { authority } = await fixtureAuthority();
  const { signedData, info } = tokenOf(await authority.answer(encodeTimeStampRequest(GOOD)));
  t.same(signedData.certificates, []);
  t.equal(info.nonce, undefined);
});

t.test('refuses with the failure that fits', async (t) => {
  const { authority } = await fixtureAuthority();
  const extension = { oid: CE.ocspNonce, critical: false, value: asn1.NULL };
  const extensions = new Map([[extension.oid, extension]]);
  const sha1 = { digestOid: ALG.sha1, hash: digest('sha1', Buffer.from(CONTENT)) };
  const cases: [string, string, Buffer][] = [
    ['nothing', 'badDataFormat', Buffer.alloc(0)],
    ['text', 'badDataFormat', Buffer.from('please')],
    ['trailing octets', 'badDataFormat', Buffer.concat([encodeTimeStampRequest(GOOD), Buffer.alloc(1)])],
    ['a short hash', 'badDataFormat', encodeTimeStampRequest({ ...GOOD, hash: HASH.subarray(1) })],
    ['version 2', 'badRequest', encodeTimeStampRequest({ ...GOOD, version: 2 })],
    ['SHA-1', 'badAlg', encodeTimeStampRequest(sha1)],
    ['MD5', 'badAlg', encodeTimeStampRequest({ digestOid: '1.2.840.113549.2.5', hash: Buffer.alloc(16) })],
    ['parameters', 'badAlg', encodeTimeStampRequest({ ...GOOD, digestParameters: asn1.integer(1) })],
    ['another policy', 'unacceptedPolicy', encodeTimeStampRequest({ ...GOOD, policy: '1.2.3' })],
    ['an extension', 'unacceptedExtension', encodeTimeStampRequest({ ...GOOD, extensions })],
  ];
  for (const [name, failure, request] of cases) {
    const { outcome, body } = await authority.answer(request);
    t.equal(outcome, failure, name);
    t.match(parseTimeStampResponse(body), { status: 'rejection', failures: [failure] }, name);
  }
});

t.test('stamps nothing by a clock that is not known to be synchronised', async (t) => {
  const { authority, time } = await fixtureAuthority();
  time.state = { synchronised: false, reason: 'chronyd does not answer' };
  const { outcome, body } = await authority.answer(encodeTimeStampRequest(GOOD));
  t.equal(outcome, 'timeNotAvailable');
  t.match(parseTimeStampResponse(body), {
    texts: ['chronyd does not answer'],
    failures: ['timeNotAvailable'],
  });
  await t.rejects(authority.stamp('sha256', HASH), { code: 'time-not-available' });
});

t.test('a key that is away is a failure of the system, and its message stays here', async (t) => {
  const faults: unknown[] = [];
  const { tsa } = await fixtureAuthority();
  const signer = { ...tsa.signer, sign: () => Promise.reject(new Error('slot 7, PIN 1234')) };
  const { authority } = await fixtureAuthority({
    unit: async () => ({ signer, certificate: tsa.certificate, chain: [] }),
    onFault: (cause) => faults.push(cause),
  });
  const { outcome, body } = await authority.answer(encodeTimeStampRequest(GOOD));
  t.equal(outcome, 'systemFailure');
  t.notMatch(body.toString('latin1'), /PIN|slot/);
  t.equal(faults.length, 1);
});

t.test('orders what many ask for at once, each with a serial number of its own', async (t) => {
  const stamped: number[] = [];
  const { authority } = await fixtureAuthority({
    onStamp: (_token, genTime) => stamped.push(genTime.getTime()),
  });
  const answers = await Promise.all(
    Array.from({ length: 300 }, () =>
      authority.answer(encodeTimeStampRequest({ ...GOOD, nonce: randomNonce() })),
    ),
  );
  const infos = answers.map((answer) => tokenOf(answer).info);
  t.equal(new Set(infos.map(({ genTime }) => genTime.getTime())).size, 300);
  t.equal(new Set(infos.map(({ serialNumber }) => serialNumber.toString('hex'))).size, 300);
  t.equal(stamped.length, 300);
});

t.test('whatever is asked is granted or refused, and never thrown', async (t) => {
  const { authority } = await fixtureAuthority();
  const seed = encodeTimeStampRequest({ ...GOOD, nonce: randomNonce(), certReq: true, policy: TSA_POLICY });
  const changed = fc
    .array(fc.record({ at: fc.nat(seed.length - 1), octet: fc.nat(255) }), { minLength: 1, maxLength: 3 })
    .map((changes) => {
      const bytes = Buffer.from(seed);
      for (const { at, octet } of changes) bytes[at] = octet;
      return bytes;
    });
  const anything = fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets));
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed, anything), async (request) => {
      const { outcome, body } = await authority.answer(request);
      const response = parseTimeStampResponse(body);
      return (outcome === 'granted') === (response.status === 'granted');
    }),
    { numRuns: 400 },
  );
  t.pass('each was answered');
});

function tokenOf({ body }: { body: Buffer }): TimeStampToken {
  const response = parseTimeStampResponse(body);
  if (response.status !== 'granted') throw new Error(response.texts.join());
  return parseTimeStampToken(response.token);
}

function randomNonce(): Buffer {
  const nonce = randomBytes(8);
  nonce[0] = 0x40 | (nonce[0] & 0x3f);
  return nonce;
}
