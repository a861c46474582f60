import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { encodePem } from '../../pki/pem.ts';
import { CscClient, HolderBrowser, codeOn } from '../support/csc-client.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const SHA_256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_SHA_256 = '1.2.840.10045.4.3.2';

t.test('the CSC API with OAuth', async (t) => {
  await onBothServices(t, async (t, service) => {
    const client = await CscClient.register(service, { id: 'his-oauth' });
    const doctor = await issueDoctor(service);
    const phone = new SoftwarePhone(service.app, doctor);
    await phone.signIn();
    const clinic = { service, client, doctor, phone };
    await t.test('code with PKCE, list, info, confirmed hashes, signDoc, polling', (t) => whole(t, clinic));
  });
});

interface Clinic {
  service: TestService;
  client: CscClient;
  doctor: Awaited<ReturnType<typeof issueDoctor>>;
  phone: SoftwarePhone;
}

async function whole(t: Test, clinic: Clinic): Promise<void> {
  const { service, client, doctor, phone } = clinic;
  const { group, digits } = doctor.body.applicant.councilNumber;

  const service_ = await client.begin({ scope: 'service', lang: 'en-US' });
  const browser = new HolderBrowser(service);
  const asked = await browser.open(service_.url);
  t.match(asked, { status: 200, html: /Council number or national ID/ });
  const shown = await browser.send({ userID: `${group}-${digits}` });
  const request = (await phone.fetch())!;
  const screen = phone.read(request);
  t.equal(codeOn(shown), screen.verificationCode);
  t.match(screen.documents[0].lines[0].text, /I let .* see my signature certificates/);
  t.equal(codeOn(await browser.reload()), screen.verificationCode, 'nothing happens until the phone answers');
  t.match(await phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
  const { leftFor } = await browser.reload();
  const service2 = await client.complete(service_, leftFor!);
  t.match(service2, { token_type: 'bearer', scope: 'service', expires_in: 600 });
  client.token = service2.access_token;

  const fingerprint = hash(doctor.certificate.bytes).toString('hex');
  const list = await client.call('credentials/list', {
    credentialInfo: true,
    certInfo: true,
    authInfo: true,
  });
  t.match(list, {
    status: 200,
    body: { credentialIDs: [fingerprint], credentialInfos: [{ auth: { mode: 'oauth2code' } }] },
  });
  const info = await client.call('credentials/info', { credentialID: fingerprint, certificates: 'chain' });
  t.match(info, { status: 200, body: { key: { status: 'enabled', algo: [ECDSA_SHA_256] }, SCAL: '2' } });

  const document = Buffer.from('%PDF-1.7 of a discharge letter');
  const flow = await client.begin({
    scope: 'credential',
    lang: 'en-US',
    credentialID: fingerprint,
    numSignatures: '1',
    hashes: hash(document).toString('base64url'),
    hashAlgorithmOID: SHA_256,
    description: 'Discharge letter of bed 12',
  });
  const page = await browser.open(flow.url);
  const second = (await phone.fetch())!;
  const onPhone = phone.read(second);
  t.equal(codeOn(page), onPhone.verificationCode);
  t.strictSame(
    onPhone.documents[0].lines.map(({ text }) => text),
    [
      'Discharge letter of bed 12',
      'The document stays with whoever asks; its fingerprint alone is signed:',
      hash(document).toString('hex'),
    ],
  );
  await phone.approve(second);
  const back = await browser.reload();
  const credential = await client.complete(flow, back.leftFor!);
  t.match(credential, { scope: 'credential', expires_in: 300 });

  const signed = await client.call('signatures/signDoc', {
    credentialID: fingerprint,
    SAD: credential.access_token,
    operationMode: 'A',
    documents: [
      {
        document: document.toString('base64'),
        signature_format: 'C',
        conformance_level: 'AdES-B-B',
        signAlgo: ECDSA_SHA_256,
      },
    ],
  });
  t.match(signed, { status: 200, body: { responseID: String } });
  const polled = await client.call('signatures/signPolling', { requestID: signed.body['responseID'] });
  t.equal(polled.status, 200, JSON.stringify(polled.body));
  const [signature] = polled.body['DocumentWithSignature'] as string[];
  t.equal(opensslVerify(t, clinic, Buffer.from(signature, 'base64')).compare(document), 0);
  const validated = await service.app.inject({
    method: 'POST',
    url: '/api/v1/validations',
    payload: { signature, receivedAt: service.clock.now().toISOString() },
  });
  t.match(validated.json(), { indication: 'TOTAL-PASSED' });
}

/** The content, as `openssl cms -verify` finds it. */
function opensslVerify(t: Test, { service }: Clinic, signature: Buffer): Buffer {
  const folder = temporaryFolder(t);
  const root = service.house.services.authorities.find(({ issuerId }) => issuerId === undefined)!;
  writeFileSync(join(folder, 'signature.p7m'), signature);
  writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', root.certificate));
  const files = ['-in', 'signature.p7m', '-inform', 'DER', '-CAfile', 'root.pem', '-purpose', 'any'];
  return runOpenssl(['cms', '-verify', ...files, '-cades', '-binary'], { cwd: folder });
}
