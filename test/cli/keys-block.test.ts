import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import { blockKey } from '../../cli/keys/block-key.ts';
import { publicKeyOf } from '../../cli/keys/public-key-of.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { authorityTemplate, fixtureCertificate } from '../support/fixture-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const ACTOR = { kind: 'operator', id: 'test' } as const;
const reason = 'found in a public repository';

t.test('on a running service', async (t) => {
  await onBothServices(t, async (t, service) => {
    await t.test('a blocked key is refused when it is filed', (t) => isRefusedAtFiling(t, service));
    await t.test('a key that is blocked after it was filed is not approved', (t) =>
      isNotApproved(t, service),
    );
    await t.test('what was issued for it is listed, and stays as it is', (t) => isListed(t, service));
    await t.test('the key of an authority is named as such', (t) => isNamed(t, service));
    await t.test('event and block are written together or not at all', (t) => isWhole(t, service));
  });
});

async function isRefusedAtFiling(t: Test, service: TestService): Promise<void> {
  const signer = memorySigner();
  const spkiSha256 = fingerprint(signer);
  const report = await blockKey(houseOf(service), { spkiSha256, reason }, ACTOR);
  t.strictSame(report, {
    spkiSha256: spkiSha256.toString('hex'),
    isNew: true,
    certificates: [],
    authorities: [],
  });
  const filed = await post(service, 'clerk', '/applications', await applicationBody({}, signer));
  t.match(filed, { status: 422, code: 'key-blocked' });

  const again = await blockKey(houseOf(service), { spkiSha256, reason: 'another' }, ACTOR);
  t.equal(again.isNew, false);
  const events = await service.house.stores.database.query({
    text: 'select outcome, actor_kind, details from audit_event where action = $1 and subject = $2',
    values: ['block-key', `key:${spkiSha256.toString('hex')}`],
  });
  t.strictSame(
    events,
    [{ outcome: 'accepted', actor_kind: 'operator', details: { reason, certificates: 0 } }],
    'one event, with the reason that stands',
  );
}

async function isNotApproved(t: Test, service: TestService): Promise<void> {
  const signer = memorySigner();
  const filed = await post(service, 'clerk', '/applications', await applicationBody({}, signer));
  await blockKey(houseOf(service), { spkiSha256: fingerprint(signer), reason }, ACTOR);
  const path = `/applications/${filed.id}`;
  t.match(await post(service, 'approving-officer', `${path}/approve`, { version: 1 }), {
    status: 422,
    code: 'key-blocked',
  });
  t.match(await post(service, 'approving-officer', `${path}/reject`, { version: 1 }), {
    status: 200,
    state: 'rejected',
  });
}

async function isListed(t: Test, service: TestService): Promise<void> {
  const signer = memorySigner();
  const filed = await post(service, 'clerk', '/applications', await applicationBody({}, signer));
  await approve(service.app, await service.cookieOf('approving-officer'), filed.id);
  const key = { spkiSha256: fingerprint(signer), reason };
  const { certificates } = await blockKey(houseOf(service), key, ACTOR);
  t.match(certificates, [{ authorityId: 'bronze', origin: `application:${filed.id}`, lastEvent: 'issued' }]);
}

async function isNamed(t: Test, service: TestService): Promise<void> {
  const { subjectPublicKeyInfo } = service.house.hierarchy.certificates.get('silver')!;
  const spkiSha256 = digest('sha256', subjectPublicKeyInfo);
  const report = await blockKey(houseOf(service), { spkiSha256, reason }, ACTOR);
  t.strictSame(report.authorities, ['silver']);
  t.match(report.certificates, [{ authorityId: 'root', lastEvent: 'issued' }]);
}

async function isWhole(t: Test, service: TestService): Promise<void> {
  const spkiSha256 = fingerprint(memorySigner());
  const audit = { record: () => Promise.reject(new Error('the disk is full')) };
  await t.rejects(
    blockKey({ ...houseOf(service), audit }, { spkiSha256, reason }, ACTOR),
    /the disk is full/,
  );
  t.equal(await service.house.stores.blockedKeys.isBlocked(spkiSha256), false);
}

t.test('the key is read from whatever it was found in', async (t) => {
  const signer = memorySigner();
  const { privateKey, subjectPublicKeyInfo } = signer;
  const certificate = await fixtureCertificate(authorityTemplate('Fixture CA', signer), { signer });
  const request = await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'x' }]);
  const found: Record<string, Buffer> = {
    'a certificate in DER': certificate.bytes,
    'a certificate in PEM, with text around': Buffer.from(
      `subject=CN = x\n${encodePem('CERTIFICATE', certificate.bytes)}`,
    ),
    'a request in DER': request,
    'a request in PEM': Buffer.from(encodePem('CERTIFICATE REQUEST', request)),
    'a request of older tools': Buffer.from(encodePem('NEW CERTIFICATE REQUEST', request)),
    'a public key in DER': subjectPublicKeyInfo,
    'a public key in PEM': Buffer.from(encodePem('PUBLIC KEY', subjectPublicKeyInfo)),
    'a private key (PKCS#8)': Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    'a private key (SEC 1)': Buffer.from(privateKey.export({ type: 'sec1', format: 'pem' })),
  };
  for (const [name, file] of Object.entries(found)) t.same(publicKeyOf(file), subjectPublicKeyInfo, name);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  t.same(
    publicKeyOf(Buffer.from(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }))),
    rsa.publicKey.export({ type: 'spki', format: 'der' }),
  );
});

t.test('a key is never guessed', async (t) => {
  const one = encodePem('PUBLIC KEY', memorySigner().subjectPublicKeyInfo);
  const other = encodePem('PUBLIC KEY', memorySigner().subjectPublicKeyInfo);
  const refused: Record<string, string> = {
    'two of them': one + other,
    'none of them': 'hello',
    'nothing at all': '',
    'an encrypted private key': encodePem('ENCRYPTED PRIVATE KEY', Buffer.from('3000', 'hex')),
    'a broken one': encodePem('PUBLIC KEY', Buffer.from('3003020101', 'hex')),
  };
  for (const [name, text] of Object.entries(refused))
    t.throws(() => publicKeyOf(Buffer.from(text)), { code: 'key-input-unknown' }, name);
});

function houseOf({ house: { stores }, clock }: TestService) {
  return { ...stores, transactions: stores.database, clock };
}

function fingerprint({ subjectPublicKeyInfo }: { subjectPublicKeyInfo: Buffer }): Buffer {
  return digest('sha256', subjectPublicKeyInfo);
}

async function post(
  service: TestService,
  role: Parameters<TestService['cookieOf']>[0],
  path: string,
  payload: object,
) {
  const headers = { cookie: await service.cookieOf(role) };
  const response = await service.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload });
  const body = response.json<{ id: string; state?: string; code?: string }>();
  return { ...body, status: response.statusCode };
}
