import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as asn1js from 'asn1js';
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import t from 'tap';

import { encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { certificateReferencesOf, refersTo } from '../../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { digest, digestOid } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { encodeTimeStampRequest, parseTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import {
  encodeGrantedTimeStamp,
  encodeTimeStampRejection,
  parseTimeStampResponse,
  TIME_STAMP_FAILURES,
} from '../../pki/tsp/time-stamp-response.ts';
import type { TimeStampFailure } from '../../pki/tsp/time-stamp-response.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { encodeTstInfo, parseTstInfo } from '../../pki/tsp/tst-info.ts';
import type { TstInfo } from '../../pki/tsp/tst-info.ts';
import { fixtureTsa, opensslTsaFiles } from '../support/openssl-tsa.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const HASH = digest('sha256', Buffer.from('Rp. Amoxicillin'));
const REQUEST = { digestOid: digestOid('sha256'), hash: HASH };
const INFO: TstInfo = {
  policy: '2.999.364.1.5.1',
  ...REQUEST,
  serialNumber: Buffer.from('41a1b2c3', 'hex'),
  genTime: new Date('2026-11-26T08:30:15.250Z'),
  accuracyMilliseconds: 1_000,
  ordering: true,
  nonce: Buffer.from('00ffee', 'hex'),
};

t.test('reads the requests that openssl writes', (t) => {
  const cwd = t.testdir({ content: 'Rp. Amoxicillin' });
  const cases = [
    { options: ['-sha256', '-cert'], oid: digestOid('sha256'), certReq: true, nonce: true },
    { options: ['-sha384', '-no_nonce'], oid: digestOid('sha384'), certReq: false, nonce: false },
    { options: ['-sha512', '-tspolicy', '1.2.3.4'], oid: digestOid('sha512'), certReq: false, nonce: true },
  ];
  for (const { options, oid, certReq, nonce } of cases) {
    const written = runOpenssl(['ts', '-query', '-data', 'content', ...options], { cwd });
    const request = parseTimeStampRequest(written);
    t.equal(request.digestOid, oid);
    t.equal(request.certReq, certReq);
    t.equal(request.nonce !== undefined, nonce);
    t.equal(request.policy, options.includes('1.2.3.4') ? '1.2.3.4' : undefined);
    t.same(encodeTimeStampRequest(request), written, 'and writes the same octets');
  }
  t.end();
});

t.test('writes requests that openssl and pkijs read', (t) => {
  const cwd = t.testdir();
  const nonce = Buffer.from('0102030405060708', 'hex');
  const written = encodeTimeStampRequest({ ...REQUEST, nonce, policy: '1.2.3.4', certReq: true });
  writeFileSync(join(cwd, 'request.tsq'), written);
  const text = runOpenssl(['ts', '-query', '-in', 'request.tsq', '-text'], { cwd }).toString();
  for (const line of ['Hash Algorithm: sha256', 'Policy OID: 1.2.3.4', 'Nonce: 0x0102030405060708']) {
    t.match(text, line);
  }
  const read = new pkijs.TimeStampReq({ schema: asn1js.fromBER(written).result });
  t.same(Buffer.from(read.messageImprint.hashedMessage.valueBlock.valueHexView), HASH);
  t.equal(read.certReq, true);
  t.end();
});

t.test("reads the answer of openssl's authority, and its token", async (t) => {
  const tsa = await fixtureTsa();
  const cwd = t.testdir(opensslTsaFiles(tsa));
  const nonce = Buffer.from('7102030405060708', 'hex');
  writeFileSync(join(cwd, 'request.tsq'), encodeTimeStampRequest({ ...REQUEST, nonce, certReq: true }));
  runOpenssl(['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'request.tsq', '-out', 'reply.tsr'], {
    cwd,
  });
  const response = parseTimeStampResponse(readFileSync(join(cwd, 'reply.tsr')));
  if (response.status !== 'granted') return t.fail(response.status);
  const { info, signedData } = parseTimeStampToken(response.token);
  t.match(info, { policy: '1.2.3.4.1', digestOid: REQUEST.digestOid, ordering: true });
  t.same(info.hash, HASH);
  t.same(info.nonce, nonce);
  t.same(info.serialNumber, Buffer.from('0a02', 'hex'));
  t.equal(info.accuracyMilliseconds, 1_500.1);
  t.ok(info.tsa, 'names the authority');
  t.same(signedData.certificates[0].bytes, tsa.certificate.bytes);
  const [reference] = certificateReferencesOf(signedData.signerInfos[0].signedAttributes!.list);
  t.equal(refersTo(reference, tsa.certificate), true, 'ESSCertIDv2 names the certificate');
  t.same(encodeTstInfo(info), signedData.content, 'and writes the same TSTInfo');
});

t.test('reads rejections, and writes those that openssl reads', async (t) => {
  const cwd = t.testdir(opensslTsaFiles(await fixtureTsa()));
  const refused = encodeTimeStampRequest({ ...REQUEST, policy: '1.9.9' });
  writeFileSync(join(cwd, 'request.tsq'), refused);
  runOpenssl(['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'request.tsq', '-out', 'reply.tsr'], {
    cwd,
  });
  t.match(parseTimeStampResponse(readFileSync(join(cwd, 'reply.tsr'))), {
    status: 'rejection',
    failures: ['unacceptedPolicy'],
  });
  for (const failure of Object.keys(TIME_STAMP_FAILURES) as TimeStampFailure[]) {
    const written = encodeTimeStampRejection(failure, 'not today');
    t.same(parseTimeStampResponse(written), {
      status: 'rejection',
      texts: ['not today'],
      failures: [failure],
    });
  }
  writeFileSync(join(cwd, 'ours.tsr'), encodeTimeStampRejection('timeNotAvailable', 'not today'));
  const text = runOpenssl(['ts', '-reply', '-in', 'ours.tsr', '-text'], { cwd }).toString();
  t.match(text, /Status: Rejected/);
  t.match(text, /not today/);
  t.match(text, /TSA's time source is not available/i);
});

t.test('pkijs reads our TSTInfo and writes the same octets', (t) => {
  const whole = { ...INFO, genTime: new Date('2026-11-26T08:30:15Z') };
  for (const info of [
    whole,
    { ...whole, ordering: false, nonce: undefined, accuracyMilliseconds: 1_500.1 },
  ]) {
    const written = encodeTstInfo(info);
    const read = new pkijs.TSTInfo({ schema: asn1js.fromBER(written).result });
    t.equal(read.policy, info.policy);
    t.equal(read.genTime.getTime(), info.genTime.getTime());
    t.equal(read.ordering ?? false, info.ordering);
    t.equal(read.accuracy?.seconds, 1);
    t.same(Buffer.from(read.serialNumber.valueBlock.valueHexView), info.serialNumber);
  }
  t.end();
});

t.test('what is encoded is read again', (t) => {
  const serial = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((octets) => {
    const bytes = Buffer.from(octets);
    bytes[0] = (bytes[0] & 0x3f) | 0x40;
    return bytes;
  });
  const info = fc.record({
    policy: fc.constantFrom('2.999.364.1.5.1', '1.2.3'),
    digestOid: fc.constant(digestOid('sha512')),
    digestParameters: fc.option(fc.constant(asn1.NULL), { nil: undefined }),
    hash: fc.uint8Array({ minLength: 64, maxLength: 64 }).map((octets) => Buffer.from(octets)),
    serialNumber: serial,
    genTime: fc.date({
      min: new Date('1990-01-01T00:00:00Z'),
      max: new Date('2199-12-31T00:00:00Z'),
      noInvalidDate: true,
    }),
    accuracyMilliseconds: fc.option(fc.integer({ min: 0, max: 3_600_000 }), { nil: undefined }),
    ordering: fc.boolean(),
    nonce: fc.option(serial, { nil: undefined }),
    tsa: fc.option(fc.constant(asn1.implicit(6, asn1.ia5String('http://tsa.example'))), { nil: undefined }),
  });
  fc.assert(
    fc.property(info, (value) => {
      const parsed = parseTstInfo(encodeTstInfo(value));
      const defined = Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
      t.same(parsed, defined);
    }),
    { numRuns: 100 },
  );
  t.end();
});

t.test('times have milliseconds without trailing zeros', (t) => {
  const cases = [
    ['2026-11-26T08:30:15.000Z', '20261126083015Z'],
    ['2026-11-26T08:30:15.200Z', '20261126083015.2Z'],
    ['2026-11-26T08:30:15.045Z', '20261126083015.045Z'],
  ] as const;
  for (const [instant, text] of cases) {
    const encoded = asn1.generalizedTimeWithFraction(new Date(instant));
    t.equal(encoded.subarray(2).toString('latin1'), text);
  }
  t.end();
});

t.test('accuracy is rounded up to the microsecond, never down', (t) => {
  const cases = [
    [0, 0],
    [1, 1],
    [0.0001, 0.001],
    [999.9995, 1_000],
    [61_002.003, 61_002.003],
  ] as const;
  for (const [accuracyMilliseconds, read] of cases) {
    const { accuracyMilliseconds: found } = parseTstInfo(encodeTstInfo({ ...INFO, accuracyMilliseconds }));
    t.ok(Math.abs(found! - read) < 1e-6, `${accuracyMilliseconds} becomes ${found}`);
  }
  t.end();
});

t.test('refuses what is no request, with a code', (t) => {
  const good = encodeTimeStampRequest({ ...REQUEST, nonce: Buffer.from([1]), certReq: true });
  const cases: [string, Buffer, string][] = [
    ['nothing', Buffer.alloc(0), 'der-malformed'],
    ['something after it', Buffer.concat([good, Buffer.from([5, 0])]), 'der-malformed'],
    ['cut off', good.subarray(0, -1), 'der-malformed'],
    [
      'a hash of another length',
      encodeTimeStampRequest({ ...REQUEST, hash: HASH.subarray(1) }),
      'time-stamp-malformed',
    ],
    [
      'a long nonce',
      encodeTimeStampRequest({ ...REQUEST, nonce: Buffer.alloc(200, 0x41) }),
      'time-stamp-malformed',
    ],
    [
      'a long hash',
      encodeTimeStampRequest({ digestOid: '1.2.3', hash: Buffer.alloc(129) }),
      'time-stamp-malformed',
    ],
    ['too large', Buffer.alloc(9_000, 0x30), 'time-stamp-malformed'],
  ];
  for (const [name, bytes, code] of cases) {
    t.throws(() => parseTimeStampRequest(bytes), { code }, name);
  }
  t.end();
});

t.test('refuses what is no token, with a code', (t) => {
  const info = encodeTstInfo(INFO);
  const unsigned = { certificates: [], signerInfos: [] };
  const cases: [string, Buffer, string][] = [
    ['plain content', encodeSignedData({ content: info, ...unsigned }), 'time-stamp-malformed'],
    ['detached', encodeSignedData({ contentType: CMS.tstInfo, ...unsigned }), 'time-stamp-malformed'],
    [
      'no signer',
      encodeSignedData({ contentType: CMS.tstInfo, content: info, ...unsigned }),
      'time-stamp-malformed',
    ],
    ['no CMS', info, 'cms-malformed'],
  ];
  for (const [name, bytes, code] of cases) t.throws(() => parseTimeStampToken(bytes), { code }, name);
  const twice = encodeGrantedTimeStamp(asn1.sequence());
  t.equal(parseTimeStampResponse(twice).status, 'granted');
  t.throws(() => parseTimeStampResponse(asn1.sequence(asn1.sequence(asn1.integer(0)))), {
    code: 'time-stamp-malformed',
  });
  t.throws(() => parseTimeStampResponse(asn1.sequence(asn1.sequence(asn1.integer(2)), asn1.sequence())), {
    code: 'time-stamp-malformed',
  });
  t.throws(() => parseTimeStampResponse(asn1.sequence(asn1.sequence(asn1.integer(9)))), {
    code: 'time-stamp-malformed',
  });
  t.end();
});

t.test('changed octets are read or refused with a PkiError, nothing else', (t) => {
  const seeds = [
    {
      bytes: encodeTimeStampRequest({ ...REQUEST, nonce: randomBytes(8), certReq: true }),
      read: parseTimeStampRequest,
    },
    { bytes: encodeTstInfo(INFO), read: parseTstInfo },
    { bytes: encodeTimeStampRejection('badAlg', 'md5'), read: parseTimeStampResponse },
  ];
  for (const { bytes, read } of seeds) {
    const change = fc.record({ at: fc.nat(bytes.length - 1), octet: fc.nat(255), cut: fc.nat(bytes.length) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), (changes, cutting) => {
        const changed = Buffer.from(bytes);
        for (const { at, octet } of changes) changed[at] = octet;
        const input = cutting ? changed.subarray(0, changes[0].cut) : changed;
        try {
          read(input);
        } catch (error) {
          if (!(error instanceof PkiError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  }
  t.pass('none threw anything else');
  t.end();
});
