import t from 'tap';
import type { Test } from 'tap';

import { JSON_CANONICALIZATION, readEtsiU } from '../../formats/jws/etsi-u.ts';
import type { JsonValue } from '../../formats/jws/json-value.ts';
import { readJws } from '../../formats/jws/read-jws.ts';
import { digestOfOid } from '../../pki/digest-algorithm.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { augmentJades } from '../../signing/jades/augment-jades.ts';
import type { JadesAugmentation } from '../../signing/jades/augment-jades.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import type { JadesRequest } from '../../signing/jades/sign-jades.ts';
import type { SignatureLevel, ValidationMaterial } from '../../signing/signature-level.ts';
import { readJades } from '../../validation/jades/read-jades.ts';
import type { PresentedSignature } from '../../validation/presented-signature.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { opensslTimeStamper } from '../support/openssl-time-stamper.ts';
import { fixtureTsa } from '../support/openssl-tsa.ts';

const content = Buffer.from('{"docId":"0000112233"}');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const tsa = await fixtureTsa();
// What it is does not matter here: it is carried, and not read.
const crl = Buffer.from('3003020101', 'hex');
const ocspResponse = Buffer.from('30030a0106', 'hex');

/** Names of the components after each level, from one on top of the other. */
const LEVELS: [SignatureLevel, string[]][] = [
  ['B-B', []],
  ['B-T', ['sigTst']],
  ['B-LT', ['sigTst', 'xVals', 'rVals']],
  ['B-LTA', ['sigTst', 'xVals', 'rVals', 'arcTst']],
];

t.test('each level adds what it has more than the one before', async (t) => {
  const ports = portsOf(t);
  let document = await sign({});
  for (const [level, names] of LEVELS) {
    document = await augmentJades(document, { ...ports, level });
    t.strictSame(componentsOf(document), names, level);
    assertStamps(t, document, {});
    t.match(await deployment.validate(document), { indication: 'TOTAL-PASSED' });
  }
  t.strictSame(
    componentsOf(await augmentJades(document, { ...ports, level: 'B-LT' })),
    LEVELS[3][1],
    'nothing is taken away',
  );
  const again = await augmentJades(document, { ...ports, level: 'B-LTA' });
  t.strictSame(
    componentsOf(again),
    [...LEVELS[3][1], 'tstVd', 'arcTst'],
    'a second archive time stamp covers the first',
  );
  assertStamps(t, again, {});
  const [, , last] = presented(again).timeStamps;
  t.same(
    last.protects?.timeStamps,
    presented(again)
      .timeStamps.slice(0, 2)
      .map(({ token }) => token),
  );
});

t.test('goes up all levels at once', async (t) => {
  const direct = await augmentJades(await sign({}), { ...portsOf(t), level: 'B-LTA' });
  t.strictSame(componentsOf(direct), LEVELS[3][1]);
  const signature = presented(direct);
  t.match(signature.timeStamps, [{ kind: 'signature' }, { kind: 'archive' }]);
  t.match(signature.revocation, [
    { kind: 'crl', bytes: crl },
    { kind: 'ocsp-response', bytes: ocspResponse },
  ]);
  t.equal(signature.certificates.length, 4, 'x5c, and the two of the time stamp once each');
  const [, archive] = signature.timeStamps;
  t.equal(archive.protects?.certificates.length, 4);
  t.equal(archive.protects?.revocation.length, 2);
});

t.test('detached payloads, documents that are pointed to, and SHA-512', async (t) => {
  const ports = { ...portsOf(t), level: 'B-LTA' as const, digest: 'sha512' as const };
  const documents = [
    { name: 'a.json', bytes: content },
    { name: 'b.json', bytes: Buffer.from('{}') },
  ];
  const contentsByName = new Map(documents.map(({ name, bytes }) => [name, bytes]));
  const cases: [Partial<JadesRequest>, Partial<JadesAugmentation>][] = [
    [{ detached: true }, { content }],
    [{ detached: true, isPayloadEncoded: false, serialization: 'general' }, { content }],
    [{ pointedTo: { mechanism: 'byUri', documents } }, { contentsByName }],
    [{ pointedTo: { mechanism: 'byUriHash', documents }, isPayloadEncoded: false }, { contentsByName }],
  ];
  for (const [request, handedIn] of cases) {
    const signature = await sign(request);
    const augmented = await augmentJades(signature, { ...ports, ...handedIn });
    assertStamps(t, augmented, handedIn);
    t.match(await deployment.validate(augmented, handedIn), { indication: 'TOTAL-PASSED' });
    await t.rejects(
      augmentJades(signature, ports),
      { code: 'augmentation-not-possible' },
      'what is signed has to be there',
    );
  }
});

t.test('components in clear stay in clear, and are canonical where they are stamped', async (t) => {
  const ports = portsOf(t);
  const stamped = jsonOf(await augmentJades(await sign({}), { ...ports, level: 'B-T' }));
  const etsiU = readEtsiU(stamped.header).map(({ name, value }) => ({ [name]: value }));
  const inClear = Buffer.from(JSON.stringify({ ...stamped, header: { etsiU } }));
  const document = await augmentJades(inClear, { ...ports, level: 'B-LTA' });
  t.strictSame(componentsOf(document), LEVELS[3][1]);
  assertStamps(t, document, {});
  const reordered = jsonOf(document);
  const [, , rVals, arcTst] = reordered.header.etsiU as unknown as [
    unknown,
    unknown,
    RevocationValues,
    unknown,
  ];
  t.match(arcTst, { arcTst: { canonAlg: JSON_CANONICALIZATION } });
  // RFC 8785 writes the members in their order of names: another writer's order does not matter.
  const { crlVals, ocspVals } = rVals.rVals;
  reordered.header.etsiU[2] = { rVals: { ocspVals, crlVals } };
  t.notSame(Buffer.from(JSON.stringify(reordered)), document);
  assertStamps(t, Buffer.from(JSON.stringify(reordered)), {});
});

t.test('nothing is stamped that is no signature', async (t) => {
  const ports = { ...portsOf(t), level: 'B-T' as const };
  const [header, payload, signature] = (await sign({})).toString().split('.');
  const forged = [header, Buffer.from('{"docId":"1"}').toString('base64url'), signature].join('.');
  await t.rejects(augmentJades(Buffer.from(forged), ports), { code: 'augmentation-not-possible' });
  const anonymous = Buffer.from('{"alg":"ES256"}').toString('base64url');
  await t.rejects(augmentJades(Buffer.from([anonymous, payload, signature].join('.')), ports), {
    code: 'augmentation-not-possible',
  });
  await t.rejects(augmentJades(Buffer.from('x'), ports), { code: 'jws-malformed' });
});

t.test('a change after the archive time stamp shows', async (t) => {
  const document = jsonOf(await augmentJades(await sign({}), { ...portsOf(t), level: 'B-LTA' }));
  const { etsiU } = document.header;
  const without = { ...document, header: { etsiU: [...etsiU.slice(0, 2), etsiU[3]] } };
  const [, archive] = presented(Buffer.from(JSON.stringify(without))).timeStamps;
  t.notSame(archive.imprint('sha256'), parseTimeStampToken(archive.token).info.hash);
});

function portsOf(t: Test): Omit<JadesAugmentation, 'level'> {
  const material: ValidationMaterial = {
    certificates: [deployment.bronze.certificate.bytes, tsa.certificate.bytes, tsa.root.certificate.bytes],
    crls: [crl],
    ocspResponses: [ocspResponse],
  };
  return {
    timeStamper: opensslTimeStamper(t, tsa),
    material: {
      materialFor: async (certificates) => {
        t.ok(
          certificates.some(({ bytes }) => bytes.equals(tsa.certificate.bytes)),
          "the time stamp's authority is asked for as well",
        );
        return material;
      },
    },
  };
}

function sign(overrides: Partial<JadesRequest>): Promise<Buffer> {
  const { signer, certificate } = doctor;
  const chain = [deployment.bronze.certificate];
  return signJades({ content, signer, certificate, chain, signingTime: NOON, ...overrides });
}

function componentsOf(document: Buffer): string[] {
  return readEtsiU(readJws(document).signatures[0].unprotectedHeader).map(({ name }) => name);
}

function presented(
  document: Buffer,
  handedIn: Pick<JadesAugmentation, 'content' | 'contentsByName'> = {},
): PresentedSignature {
  const { content, contentsByName } = handedIn;
  const input = { ...(content && { content }), ...(contentsByName && { contentsByName }) };
  const { signatures } = readJades({
    signature: document,
    ...input,
    signingCertificateReference: 'required',
  });
  return signatures[0];
}

/** Every token is over what its place says, and nothing was passed over. */
function assertStamps(
  t: Test,
  document: Buffer,
  handedIn: Pick<JadesAugmentation, 'content' | 'contentsByName'>,
): void {
  const { timeStamps, reasons } = presented(document, handedIn);
  t.strictSame(reasons, []);
  for (const { kind, token, imprint } of timeStamps) {
    const { digestOid, hash } = parseTimeStampToken(token).info;
    t.same(imprint(digestOfOid(digestOid)), hash, kind);
  }
}

interface RevocationValues {
  rVals: { crlVals: JsonValue; ocspVals: JsonValue };
}

function jsonOf(document: Buffer): { header: { etsiU: JsonValue[] } } {
  return JSON.parse(document.toString()) as { header: { etsiU: JsonValue[] } };
}
