import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { LightMyRequestResponse as Answer } from 'fastify';
import t from 'tap';
import type { Test } from 'tap';

import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodePem } from '../../pki/pem.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

interface Fixture extends TestService {
  doctor: IssuedDoctor;
}

t.test('public endpoints', async (t) => {
  await onOneService(t, async (t, service) => {
    const fixture = { ...service, doctor: await issueDoctor(service) };
    const part = (name: string, run: (t: Test, fixture: Fixture) => Promise<void>) =>
      t.test(name, (t) => run(t, fixture));
    await part('each document has its media type, a lifetime and a tag', documents);
    await part('who has a copy is told so, and HEAD says what GET would', copies);
    await part('nobody is known here by a cookie, and no other site is let in', strangers);
    await part('what is not here is a problem', unknown);
    await part('a certificate is validated by itself, whoever is trusted', pathValidations);
    await part('openssl reads and verifies all of it over HTTP', interop);
  });
});

const DAY = 86_400;

async function pathValidations(t: Test, { app, house, doctor }: Fixture): Promise<void> {
  const base64 = ({ bytes }: { bytes: Buffer }) => bytes.toString('base64');
  const [root, bronze] = ['root', 'bronze'].map((id) => base64(house.hierarchy.certificates.get(id)!));
  const certificate = base64(doctor.certificate);
  const validate = async (more: object) =>
    (
      await app.inject({ method: 'POST', url: '/api/v1/path-validations', payload: { certificate, ...more } })
    ).json<object>();
  const good = { status: { status: 'good', source: 'history' } };
  t.match(await validate({}), { verdict: 'valid', path: [good, {}, {}] }, 'by the roots of this deployment');
  const crls = [(await app.inject('/crl/root.crl')).rawPayload.toString('base64')];
  const anchored = { trustAnchors: [root], intermediates: [bronze], crls };
  t.match(await validate(anchored), { verdict: 'valid', path: [good, {}, {}] }, "by the caller's anchor");
  const stranger = { trustAnchors: [certificate], intermediates: [bronze] };
  t.match(await validate(stranger), { verdict: 'indeterminate', reasons: [{ code: 'chain-not-found' }] });
}

function pathsOf({ doctor, house }: Fixture): [path: string, mediaType: string, maxAgeSeconds: number][] {
  const issuer = house.hierarchy.certificates.get('bronze')!;
  const request = encodeOcspRequest([encodeCertId('sha1', issuer, doctor.certificate.serialNumber)]);
  return [
    ...['root', 'silver', 'bronze'].flatMap((id): [string, string, number][] => [
      [`/ca/${id}.cer`, 'application/pkix-cert', DAY],
      [`/ca/${id}.p7c`, 'application/pkcs7-mime; smime-type=certs-only', DAY],
      [`/crl/${id}.crl`, 'application/pkix-crl', 300],
    ]),
    ['/crl/bronze/0.crl', 'application/pkix-crl', 300],
    ['/crl/bronze/15.crl', 'application/pkix-crl', 300],
    [`/ocsp/bronze/${encodeURIComponent(request.toString('base64'))}`, 'application/ocsp-response', 600],
    ['/cps', 'text/plain; charset=utf-8', DAY],
  ];
}

async function documents(t: Test, fixture: Fixture): Promise<void> {
  for (const [path, mediaType, maxAge] of pathsOf(fixture)) {
    const { statusCode, headers, rawPayload } = await fixture.app.inject(path);
    t.equal(statusCode, 200, path);
    t.equal(headers['content-type'], mediaType, path);
    t.match(headers['cache-control'], 'public', path);
    const lifetime = Number(/max-age=(\d+)/.exec(String(headers['cache-control']))?.[1]);
    t.ok(maxAge - 1 <= lifetime && lifetime <= maxAge, `${path}: ${lifetime} s`);
    t.match(headers.etag, /^"[A-Za-z0-9_-]{20,}"$/, path);
    t.equal(headers['x-content-type-options'], 'nosniff', path);
    t.equal(Number(headers['content-length']), rawPayload.length, path);
  }
}

async function copies(t: Test, { app, ...fixture }: Fixture): Promise<void> {
  for (const [path] of pathsOf({ app, ...fixture })) {
    const whole = await app.inject(path);
    const head = await app.inject({ method: 'HEAD', url: path });
    t.equal(head.statusCode, 200, path);
    t.equal(head.rawPayload.length, 0, path);
    t.strictSame(withoutDate(head), withoutDate(whole), `HEAD ${path}`);
    const tag = String(whole.headers.etag);
    for (const tags of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const copy = await app.inject({ url: path, headers: { 'if-none-match': tags } });
      t.equal(copy.statusCode, 304, `${path} has ${tags}`);
      t.equal(copy.rawPayload.length, 0);
      t.equal(copy.headers.etag, tag);
      t.equal(copy.headers['cache-control'], whole.headers['cache-control'], 'the copy lives on as long');
    }
    const stale = await app.inject({ url: path, headers: { 'if-none-match': '"other"' } });
    t.equal(stale.statusCode, 200, path);
  }
}

function withoutDate({ headers }: Answer): Answer['headers'] {
  // A body of known length is one way to send it, chunks are another; a request's id is its own.
  const own = { date: undefined, 'x-request-id': undefined };
  return { ...headers, ...own, connection: undefined, 'transfer-encoding': undefined };
}

async function strangers(t: Test, { app, cookieOf, ...fixture }: Fixture): Promise<void> {
  const headers = { cookie: await cookieOf('ca-operator'), origin: 'https://elsewhere.test' };
  for (const [path] of [
    ...pathsOf({ app, cookieOf, ...fixture }),
    ['/health'],
    ['/ready'],
    ['/api/v1/authorities'],
  ]) {
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await app.inject({ method, url: path, headers });
      t.equal(answer.headers['set-cookie'], undefined, path);
      t.notMatch(Object.keys(answer.headers).join(), 'access-control', path);
    }
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: path,
      headers: { ...headers, 'access-control-request-method': 'POST' },
    });
    t.equal(preflight.statusCode, 404, path);
    t.notMatch(Object.keys(preflight.headers).join(), 'access-control', path);
  }
}

async function unknown(t: Test, { app }: Fixture): Promise<void> {
  const paths = [
    '/nowhere',
    '/ca/',
    '/ca/platinum.cer',
    '/ca/bronze.pem',
    '/ca/__proto__',
    '/crl/platinum.crl',
    '/crl/bronze',
    '/crl/bronze/16.crl',
    '/crl/bronze/01.crl',
    '/crl/bronze/-1.crl',
    '/crl/bronze/delta.crl',
    '/ocsp/root/AAAA',
    '/ocsp/platinum/AAAA',
    '/ocsp',
    '/api/v1/nothing',
    '/api/v2/applications',
  ];
  for (const path of paths) {
    const answer = await app.inject(path);
    t.equal(answer.statusCode, 404, path);
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', path);
    t.match(answer.json(), { type: 'urn:mohr:problem:not-found', status: 404, code: 'not-found' }, path);
    t.equal(answer.headers['cache-control'], 'no-store', path);
  }
}

async function interop(t: Test, fixture: Fixture): Promise<void> {
  const { app, cookieOf, doctor } = fixture;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const cwd = temporaryFolder(t);
  const openssl = async (...args: string[]) => {
    const { stdout, stderr } = await promisify(execFile)('openssl', args, { cwd, timeout: 120_000 });
    return stderr + stdout;
  };
  const download = async (path: string, name: string) => {
    const response = await fetch(base + path);
    writeFileSync(join(cwd, name), Buffer.from(await response.arrayBuffer()));
  };
  writeFileSync(join(cwd, 'doctor.pem'), encodePem('CERTIFICATE', doctor.certificate.bytes));
  for (const id of ['root', 'bronze']) {
    await download(`/ca/${id}.cer`, `${id}.cer`);
    await openssl('x509', '-inform', 'DER', '-in', `${id}.cer`, '-out', `${id}.pem`);
    await download(`/crl/${id}.crl`, `${id}.crl`);
    await openssl('crl', '-inform', 'DER', '-in', `${id}.crl`, '-out', `${id}-crl.pem`);
  }
  await download('/ca/bronze.p7c', 'bronze.p7c');
  await openssl('pkcs7', '-inform', 'DER', '-in', 'bronze.p7c', '-print_certs', '-out', 'chain.pem');
  const chain = ['verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'chain.pem'];
  const crls = ['-crl_check_all', '-CRLfile', 'root-crl.pem', '-CRLfile', 'bronze-crl.pem'];
  t.match(await openssl(...chain, ...crls, 'doctor.pem'), /doctor\.pem: OK/);

  const trusted = ['-issuer', 'bronze.pem', '-CAfile', 'root.pem', '-url', `${base}/ocsp/bronze`];
  const ask = (certId: string[], ...options: string[]) => openssl('ocsp', ...options, ...trusted, ...certId);
  const ways = [
    ['-sha1', '-nonce'],
    ['-sha1', '-no_nonce'],
    ['-sha256', '-nonce'],
    ['-sha256', '-no_nonce'],
  ];
  const ofDoctor = ['-cert', 'doctor.pem'];
  for (const way of ways) {
    const answer = await ask(ofDoctor, ...way);
    t.match(answer, /Response verify OK[^]*doctor\.pem: good/, way.join(' '));
    t.equal(/no nonce/i.test(answer), false, way.join(' '));
    const never = await ask(['-serial', '0x4242424242424242424242424242424242'], ...way);
    t.match(never, /Response verify OK[^]*revoked/, `never issued, ${way.join(' ')}`);
    t.notMatch(never, /good|unknown/, `never issued, ${way.join(' ')}`);
  }
  const headers = { cookie: await cookieOf('ca-operator') };
  const change = (verb: string, payload?: object) =>
    app.inject({ method: 'POST', url: `${doctor.path}/${verb}`, headers, payload });
  await change('hold');
  for (const way of ways)
    t.match(await ask(ofDoctor, ...way), /revoked[^]*certificateHold/, `held, ${way.join(' ')}`);
  await change('release');
  t.match(await ask(ofDoctor, '-sha256', '-no_nonce'), /good/, 'released');
  await change('revoke', { reason: 'keyCompromise' });
  for (const way of ways)
    t.match(await ask(ofDoctor, ...way), /revoked[^]*keyCompromise/, `revoked, ${way.join(' ')}`);

  // Changes are gathered for two seconds, by the clock of the service.
  fixture.clock.advanceSeconds(3);
  const list = await pollCrl(async () => {
    await download('/crl/bronze.crl', 'bronze.crl');
    return openssl('crl', '-inform', 'DER', '-in', 'bronze.crl', '-noout', '-text');
  });
  const serial = doctor.certificate.serialNumber.toString('hex').toUpperCase();
  t.match(list, new RegExp(`Serial Number: ${serial}[^]*Key Compromise`));
  await openssl('crl', '-inform', 'DER', '-in', 'bronze.crl', '-out', 'bronze-crl.pem');
  await t.rejects(openssl(...chain, ...crls, 'doctor.pem'), /certificate revoked/);
}

/** The CRL in force once it has an entry; issuing follows a change within a second of the wall clock. */
async function pollCrl(read: () => Promise<string>): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const text = await read();
    if (text.includes('Serial Number:') || attempt === 1_200) return text;
    await delay(100);
  }
}
