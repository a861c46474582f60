import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import t from 'tap';

import { HttpRevocationSource } from '../../cli/http-revocation-source.ts';
import { ManualClock } from '../../core/clock.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { isPublicAddress } from '../../messages/public-address.ts';
import { authorityInfoAccessExtension } from '../../pki/extensions/authority-information-access.ts';
import { certificatePoliciesExtension } from '../../pki/extensions/certificate-policies.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { parseOcspRequest } from '../../pki/ocsp-request.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { validateDocument } from '../../validation/validate-document.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { crlEntry, fixtureCa, fixtureCrl, fixtureLeaf, hours, ocspOctets } from '../support/fixture-path.ts';
import { revocationValuesAttribute, withUnsigned } from '../support/fixture-stamps.ts';

// What the addresses in a foreign certificate may make the service do, and what comes of it.

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

let answer: Answer = (_request, response) => response.end();
const asked: string[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response, Buffer.concat(chunks));
  });
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
t.teardown(() => server.close());
t.beforeEach(() => void (asked.length = 0));

const { port } = server.address() as AddressInfo;
const base = `http://localhost:${port}`;
const faults: unknown[] = [];

/** A source that may ask the server above: for tests alone, loopback is an address like others. */
function sourceOf(options: Partial<ConstructorParameters<typeof HttpRevocationSource>[0]> = {}) {
  return new HttpRevocationSource({
    hosts: [`localhost:${port}`],
    clock: new ManualClock(NOON),
    onFault: (cause) => faults.push(cause),
    isAllowedAddress: () => true,
    ...options,
  });
}

t.test('asks allowed hosts, and keeps the answer for a minute', async (t) => {
  const clock = new ManualClock(NOON);
  const source = sourceOf({ clock });
  answer = (_request, response) => response.end('octets');
  t.equal(String(await source.crl(`${base}/a.crl`)), 'octets');
  await source.crl(`${base}/a.crl`);
  t.same(asked, ['GET /a.crl']);
  clock.advanceSeconds(60);
  await source.crl(`${base}/a.crl`);
  t.same(asked, ['GET /a.crl', 'GET /a.crl']);
});

t.test('asks nobody else, in no other way', async (t) => {
  const source = sourceOf();
  const refused = [
    `http://other.example:${port}/`,
    `http://localhost/`,
    `http://localhost:${port + 1}/`,
    `https://localhost:${port}/`,
    `http://user@localhost:${port}/`,
    `http://127.0.0.1:${port}/`,
    `http://[::1]:${port}/`,
    `http://2130706433:${port}/`,
    `ldap://localhost:${port}/`,
    `file:///etc/passwd`,
    'nonsense',
  ];
  const numbers = sourceOf({ hosts: [`127.0.0.1:${port}`, `[::1]:${port}`] });
  for (const uri of refused) {
    t.equal(await source.crl(uri), undefined, uri);
    t.equal(await numbers.ocsp(uri, Buffer.alloc(1)), undefined, uri);
  }
  t.same(asked, []);
});

t.test('connects to no address that is not public, whatever the name says', async (t) => {
  faults.length = 0;
  const source = sourceOf({ isAllowedAddress: isPublicAddress });
  t.equal(await source.crl(`${base}/a.crl`), undefined);
  t.same(asked, []);
  t.match(faults, [/no address that may be asked/]);
  const hidden = [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
  ];
  const hiddenV6 = [
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'ff02::1',
  ];
  for (const address of [...hidden, ...hiddenV6, 'localhost', '']) t.notOk(isPublicAddress(address), address);
  for (const address of ['192.0.32.8', '8.8.8.8', '2a00:1450::1']) t.ok(isPublicAddress(address), address);
});

t.test('follows no redirect, and waits for no more octets or time than it has', async (t) => {
  const source = sourceOf({ octetsMax: 1_000, timeoutMilliseconds: 200 });
  answer = (_request, response) => response.writeHead(302, { location: `${base}/elsewhere` }).end();
  t.equal(await source.crl(`${base}/redirect`), undefined);
  answer = (_request, response) => void response.writeHead(200).write(Buffer.alloc(100_000));
  t.equal(await source.crl(`${base}/large`), undefined);
  answer = () => undefined;
  t.equal(await source.crl(`${base}/silent`), undefined);
  answer = (_request, response) => response.destroy();
  t.equal(await source.crl(`${base}/broken`), undefined);
  t.same(asked, ['GET /redirect', 'GET /large', 'GET /silent', 'GET /broken']);
});

t.test('a signature of another authority is judged by what its addresses answer', async (t) => {
  const deployment = await FixtureDeployment.create();
  const root = await fixtureCa('Foreign Root');
  const ca = await fixtureCa('Foreign CA', root);
  const holder = await fixtureLeaf(ca, {
    extensions: [
      keyUsageExtension(['nonRepudiation']),
      certificatePoliciesExtension([{ policy: '2.16.364.101.1.1.1' }]),
    ],
    more: [
      authorityInfoAccessExtension({ ocsp: `${base}/ocsp` }),
      crlDistributionPointsExtension([`${base}/ca.crl`]),
    ],
  });
  const content = Buffer.from('Rp. Metformin');
  const signature = await signCades({ content, ...holder, chain: [ca.certificate], signingTime: NOON });
  const trust = new TrustStore({ anchors: [root.certificate], intermediates: [ca.certificate] });
  const { policy, clock, history: statusHistory } = deployment;
  const validate = (revocationSource = sourceOf()) =>
    validateDocument({ signature, trust, policy, clock, statusHistory, revocationSource });

  const [clean, listed] = [
    await fixtureCrl(ca),
    await fixtureCrl(ca, { entries: [crlEntry(holder.certificate)] }),
  ];
  const good = await ocspOctets(holder.certificate, ca);
  answer = (request, response, body) => {
    if (request.method === 'GET') return void response.writeHead(404).end();
    t.equal(parseOcspRequest(body).requests.length, 1);
    response.end(good);
  };
  t.match(await validate(), { indication: 'TOTAL-PASSED' }, 'by OCSP alone');
  answer = (request, response) => response.writeHead(request.method === 'GET' ? 200 : 500).end(clean.bytes);
  t.match(await validate(), { indication: 'TOTAL-PASSED' }, 'by the CRL alone');
  answer = (_request, response) => response.end(listed.bytes);
  t.match(await validate(), { subIndication: 'REVOKED_NO_POE' });
  answer = (_request, response) => response.writeHead(503).end();
  t.match(await validate(), { subIndication: 'TRY_LATER' });
  asked.length = 0;
  t.match(await validate(sourceOf({ hosts: ['crl.example'] })), { subIndication: 'TRY_LATER' });
  t.same(asked, [], 'nobody was asked');
});

t.test('a "good" that was embedded gives way to what has become known since', async (t) => {
  const deployment = await FixtureDeployment.create();
  const ca = await fixtureCa('Foreign CA');
  const holder = await fixtureLeaf(ca, {
    extensions: [
      keyUsageExtension(['nonRepudiation']),
      certificatePoliciesExtension([{ policy: '2.16.364.101.1.1.1' }]),
    ],
    more: [authorityInfoAccessExtension({ ocsp: `${base}/ocsp` })],
  });
  const content = Buffer.from('Rp. Metformin');
  const bare = await signCades({ content, ...holder, signingTime: NOON });
  // Made at eight, before the key was stolen and the certificate revoked at ten.
  const signature = withUnsigned(
    bare,
    revocationValuesAttribute([], [basicOf(await ocspOctets(holder.certificate, ca))]),
  );
  const status = { kind: 'revoked', revokedAt: hours(-2), reason: 'keyCompromise' } as const;
  const revoked = await ocspOctets(holder.certificate, ca, { status, thisUpdate: hours(-1) });
  const trust = new TrustStore({ anchors: [ca.certificate], intermediates: [] });
  const { policy, clock, history: statusHistory } = deployment;
  const validate = (receivedAt?: Date, revocationSource: HttpRevocationSource | undefined = sourceOf()) =>
    validateDocument({
      signature,
      trust,
      policy,
      clock,
      statusHistory,
      revocationSource,
      ...(receivedAt && { receivedAt }),
    });

  answer = (_request, response) => response.end(revoked);
  t.match(
    await validate(),
    { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' },
    'without a proof',
  );
  t.match(await validate(hours(-1)), { indication: 'TOTAL-FAILED', subIndication: 'REVOKED' });
  t.match(
    await validate(hours(-3)),
    { indication: 'TOTAL-PASSED', reasons: [{ code: 'revoked-after-proof' }] },
    'received before the revocation',
  );
  asked.length = 0;
  t.match(await validate(hours(-5)), { indication: 'TOTAL-PASSED' });
  t.same(asked, [], 'a status that is newer than the proof is enough');
  answer = (_request, response) => response.writeHead(503).end();
  t.match(
    await validate(),
    { indication: 'TOTAL-PASSED' },
    'nobody knows better: it is good until its nextUpdate',
  );
  t.same(asked, ['POST /ocsp']);
});

/** BasicOCSPResponse, as CAdES embeds it. */
function basicOf(response: Buffer): Buffer {
  const outer = openWhole(response);
  outer.read(TAG.enumerated);
  const bytes = outer.into(context(0)).into(TAG.sequence);
  bytes.read(TAG.oid);
  return bytes.read(TAG.octetString).content;
}
