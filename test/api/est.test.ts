import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { encodeEst, readEstRequest } from '../../api/est/est-base64.ts';
import { readBasicCredentials } from '../../api/est/basic-credentials.ts';
import { assertHolderSession } from '../../ca/approval/assert-holder-signed.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { serialHex } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { renewOverTls } from '../../ra/renewal/renew-over-tls.ts';
import type { RenewalHouse } from '../../ra/renewal/renewal.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { openEstDevice } from '../support/est-device.ts';
import type { EstAnswer, EstDevice } from '../support/est-device.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { openTestService } from '../support/test-service.ts';

// No EST client is packaged by Debian: curl and openssl do what RFC 7030 describes, with a request that openssl makes.

const DAY = 24 * 3600;
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

t.test('EST over a real socket', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }) => {
      const service = await openTestService({ opened, dataDirectory, estReenrolment: true });
      const { device, close } = await openEstDevice(t, service);
      try {
        await t.test('the certificates of the CAs, and what a request looks like', (t) =>
          discovery(t, device),
        );
        await t.test('a device enrols with the two secrets, and renews with its certificate', (t) =>
          life(t, device),
        );
      } finally {
        await close();
        await service.close();
      }
    },
    'first-start',
  );
});

async function discovery(t: Test, device: EstDevice): Promise<void> {
  const bronze = await device.curl('/bronze/cacerts');
  t.equal(bronze.status, 200);
  t.match(bronze.head, /content-type: application\/pkcs7-mime\r/i);
  const hierarchy = device.desk.service.house.hierarchy.certificates;
  const shown = device.certificates(bronze);
  t.strictSame(
    new Set(shown.map(serialHex)),
    new Set(['bronze', 'root'].map((id) => serialHex(hierarchy.get(id)!))),
  );
  t.equal(device.certificates(await device.curl('/cacerts')).length, hierarchy.size, 'without a label: all');
  for (const path of ['/other/cacerts', '/root/cacerts', '/other/csrattrs'])
    t.equal((await device.curl(path)).status, 404, path);
  const attributes = await device.curl('/csrattrs');
  t.match(attributes.head, /content-type: application\/csrattrs\r/i);
  writeFileSync(join(device.folder, 'attributes.der'), Buffer.from(attributes.text, 'base64'));
  const parsed = runOpenssl(['asn1parse', '-inform', 'DER', '-in', 'attributes.der'], { cwd: device.folder });
  t.match(parsed.toString(), /id-ecPublicKey[^]*SET[^]*prime256v1[^]*ecdsa-with-SHA256/);
  const plain = await device.desk.service.app.inject({ method: 'GET', url: '/.well-known/est/cacerts' });
  t.match([plain.statusCode, plain.body], [403, /tls-required/]);
}

async function life(t: Test, device: EstDevice): Promise<void> {
  const { desk, folder } = device;
  const { id } = await desk.filePhone();
  const code = await desk.approveAndRead(id);
  const secret = await desk.deskSecret(id);
  const as = (user: string, password: string) => ['-u', `${user}:${password}`];
  runOpenssl(
    [
      'req',
      '-new',
      ...EC,
      '-keyout',
      'phone.key',
      '-out',
      'phone.csr',
      '-outform',
      'DER',
      '-subj',
      '/CN=phone',
    ],
    {
      cwd: folder,
    },
  );
  const request = readFileSync(join(folder, 'phone.csr'));

  const silent = await device.enrol('/bronze/simpleenroll', request);
  const wrong = await device.enrol('/bronze/simpleenroll', request, as(id, `${secret}00000000`));
  for (const answer of [silent, wrong]) {
    t.equal(answer.status, 401);
    t.match(answer.head, /www-authenticate: Basic realm="activation", charset="UTF-8"/i);
  }
  const [told, toldToo] = [wrong, silent].map(({ text }) => text.replace(/"requestId":"[0-9a-f]+"/, ''));
  t.equal(told, toldToo, 'whatever is wrong is answered alike');
  const credentials = as(id, secret + code);
  t.equal((await device.enrol('/silver/simpleenroll', request, credentials)).status, 401, 'of another CA');
  const broken = Buffer.from(request);
  broken[broken.length - 1] ^= 1;
  t.equal((await device.enrol('/bronze/simpleenroll', broken, credentials)).status, 400);
  t.equal((await device.curl('/bronze/simpleenroll', [...credentials, '-d', '{}'])).status, 415);

  const enrolled = await device.enrol('/bronze/simpleenroll', request, credentials);
  t.equal(enrolled.status, 200, enrolled.text);
  t.match(enrolled.head, /content-type: application\/pkcs7-mime; smime-type=certs-only\r/i);
  const [certificate, ...others] = device.certificates(enrolled);
  t.strictSame(others, [], 'the certificate and nothing else');
  const again = await device.enrol('/simpleenroll', request, credentials, '\r\n');
  t.ok(device.certificates(again)[0].bytes.equals(certificate.bytes), 'sent again: the same');
  await renewal(t, device, certificate);
}

async function renewal(t: Test, device: EstDevice, certificate: Certificate): Promise<void> {
  const { service } = device.desk;
  writeFileSync(join(device.folder, 'phone.pem'), encodePem('CERTIFICATE', certificate.bytes));
  const shown = ['--cert', 'phone.pem', '--key', 'phone.key'];
  const path = '/bronze/simplereenroll';
  const next = memorySigner();
  const subject = certificate.subject.rdns.flat().map(({ type, value }) => ({ type, value }));
  const request = await makeCertificationRequest(next, subject);
  const codeOf = ({ status, text }: EstAnswer) => [status, (JSON.parse(text) as { code: string }).code];

  t.strictSame(codeOf(await device.enrol(path, request)), [403, 'client-certificate-missing']);
  t.strictSame(codeOf(await device.enrol(path, request, shown)), [409, 'renewal-too-early']);
  service.clock.set(new Date(certificate.notAfter.getTime() - 80 * DAY * 1000));
  const other = await makeCertificationRequest(next, [{ type: AT.commonName, value: 'another' }]);
  t.strictSame(codeOf(await device.enrol(path, other, shown)), [400, 'renewal-subject-differs']);
  t.strictSame(codeOf(await device.enrol('/silver/simplereenroll', request, shown)), [
    403,
    'renewal-signature-wrong',
  ]);
  runOpenssl(['req', '-x509', '-key', 'phone.key', '-out', 'self.pem', '-subj', '/CN=self'], {
    cwd: device.folder,
  });
  const self = ['--cert', 'self.pem', '--key', 'phone.key'];
  t.strictSame(
    codeOf(await device.enrol(path, request, self)),
    [403, 'renewal-signature-wrong'],
    'of another CA',
  );

  const renewed = await device.enrol(path, request, shown);
  t.equal(renewed.status, 200, renewed.text);
  const [successor] = device.certificates(renewed);
  t.ok(successor.subjectPublicKeyInfo.equals(next.subjectPublicKeyInfo));
  t.ok(successor.subject.bytes.equals(certificate.subject.bytes));
  const repeated = await device.enrol(path, request, shown);
  t.ok(device.certificates(repeated)[0].bytes.equals(successor.bytes), 'sent again: the same');
  const [{ method, authorization }] = await service.house.stores.database.query<Record<string, string>>({
    text: `select r.method, e.details->>'authorization' as authorization from renewal r, audit_event e
      where e.action = 'intend-certificate' and e.details->>'origin' = 'renewal:' || r.id`,
  });
  t.strictSame([method, authorization], ['tls', 'holder-session'], 'on record as what it was');
}

t.test('bodies of base64', async (t) => {
  const request = await makeCertificationRequest(memorySigner(), [{ type: AT.commonName, value: 'x' }]);
  const text = request.toString('base64');
  const forms = [text, encodeEst(request), text.replaceAll(/(.{76})/g, '$1\n'), ` ${text}\t\r\n`];
  for (const form of forms) t.ok(readEstRequest(form).equals(request));
  const refused = [
    '',
    '\r\n',
    text.slice(1),
    `${text}=`,
    encodePem('CERTIFICATE REQUEST', request),
    'AAAA',
    undefined,
    {},
  ];
  for (const body of refused) t.throws(() => readEstRequest(body), { code: 'enrolment-request-malformed' });
});

t.test('credentials by HTTP Basic', async (t) => {
  const applicationId = '01890000-0000-7000-8000-000000000000';
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  t.strictSame(readBasicCredentials(basic(`${applicationId}:desk:secret12345678`)), {
    applicationId,
    deskSecret: 'desk:secret',
    code: '12345678',
  });
  t.equal(readBasicCredentials(basic(`${applicationId}:desk۱۲۳۴۵۶۷۸`))?.code, '۱۲۳۴۵۶۷۸', 'either digits');
  const none = [
    undefined,
    '',
    'Bearer x',
    'Basic',
    basic('no-uuid:secret12345678'),
    basic(`${applicationId}:12345678`),
    basic(applicationId),
  ];
  for (const header of none) t.equal(readBasicCredentials(header), undefined);
});

t.test('as shipped, nobody renews without a signature', async (t) => {
  const asked = { certificate: Buffer.alloc(1), certificationRequest: Buffer.alloc(1) };
  const house = { isRenewableOverTls: false } as RenewalHouse;
  await t.rejects(renewOverTls(house, asked), { code: 'renewal-over-tls' });
  const authorization = { kind: 'holder-session', renewalId: 'x', document: Buffer.from('{}') } as const;
  const request = { origin: 'renewal:x', subjectPublicKeyInfo: Buffer.alloc(1) };
  t.throws(() => assertHolderSession({}, request, authorization), { code: 'authorization-missing' });
  const believing = { believesHolderSessions: true };
  t.throws(() => assertHolderSession(believing, request, authorization), { code: 'approval-differs' });
});
