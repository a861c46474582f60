import t from 'tap';

import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { SIGNATURE_LEVELS } from '../../signing/signature-level.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import { signPades } from '../../signing/pades/sign-pades.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { pdfOf } from '../support/pdf-samples.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const content = Buffer.from('a report of the laboratory, not a prescription\r\n');

interface Augmented {
  format: string;
  level: string;
  signature: string;
  code?: string;
}

await onOneService(t, async (t, service) => {
  const doctor = await issueDoctor(service);
  const system = await PrescriptionSystem.register(service);
  const augment = (body: object) => system.post<Augmented>('/augmentations', body);

  await t.test('lifts to each level, which our validation then finds and passes', async (t) => {
    let signature = (await sign(service, doctor)).toString('base64');
    for (const level of SIGNATURE_LEVELS) {
      const { status, body } = await augment({ signature, level });
      t.equal(status, 200, JSON.stringify(body).slice(0, 300));
      t.match(body, { format: 'cades', level });
      signature = body.signature;
      // Two stamps of one millisecond of a clock that stands are a millisecond apart.
      service.clock.advanceSeconds(1);
      t.match(await validate(service, signature), { signatures: [{ level: { reached: level } }] }, level);
    }
    const { revocation, certificates } = parseSignedData(Buffer.from(signature, 'base64'));
    t.strictSame(revocation.map(({ kind }) => kind).sort(), ['crl', 'ocsp-response', 'ocsp-response']);
    for (const { bytes } of revocation.filter(({ kind }) => kind === 'ocsp-response'))
      t.equal(parseOcspResponse(bytes).status, 'successful');
    t.equal(new Set(certificates.map(({ bytes }) => bytes.toString('hex'))).size, certificates.length);
  });

  await t.test('lifts a PDF as a PDF', async (t) => {
    const { signer, certificate } = doctor;
    const signed = await signPades({
      document: pdfOf(),
      signer,
      certificate,
      signingTime: service.clock.now(),
    });
    let signature = signed.toString('base64');
    for (const level of SIGNATURE_LEVELS) {
      const { status, body } = await augment({ signature, level });
      t.match({ status, body }, { status: 200, body: { format: 'pades', level } });
      signature = body.signature;
      service.clock.advanceSeconds(1);
      t.match(await validate(service, signature), {
        indication: 'TOTAL-PASSED',
        signatures: [{ format: 'PAdES', level: { reached: level } }],
      });
    }
    const encrypted = pdfOf(undefined, '/Encrypt 5 0 R').toString('base64');
    const refused = { status: 422, body: { code: 'pdf-encrypted' } };
    t.match(await augment({ signature: encrypted, level: 'B-T' }), refused);
    t.match(await validate(service, encrypted), { code: 'pdf-encrypted', status: 422 });
  });

  await t.test('lifts a compact JWS as JAdES', async (t) => {
    const { signer, certificate } = doctor;
    const signingTime = service.clock.now();
    const signed = await signJades({ content, signer, certificate, signingTime });
    let signature = signed.toString('base64');
    for (const level of SIGNATURE_LEVELS) {
      const { status, body } = await augment({ signature, level });
      t.match({ status, body }, { status: 200, body: { format: 'jades', level } });
      signature = body.signature;
      service.clock.advanceSeconds(1);
      t.match(await validate(service, signature), {
        indication: 'TOTAL-PASSED',
        signatures: [{ format: 'JAdES', level: { reached: level } }],
      });
    }
  });

  await t.test('a detached signature needs its content, and gets it back untouched', async (t) => {
    const signature = (await sign(service, doctor, true)).toString('base64');
    const level = 'B-LTA';
    t.match(await augment({ signature, level }), {
      status: 422,
      body: { code: 'augmentation-not-possible' },
    });
    const { body } = await augment({
      signature,
      level,
      content: content.toString('base64'),
      digest: 'sha512',
    });
    t.equal(parseSignedData(Buffer.from(body.signature, 'base64')).content, undefined);
  });

  await t.test('refuses what it cannot read, and who is not under contract', async (t) => {
    const signature = Buffer.from('please').toString('base64');
    t.match(await augment({ signature, level: 'B-T' }), { body: { code: 'augmentation-not-possible' } });
    t.match(await augment({ signature, level: 'B-T', format: 'cades' }), { body: { code: 'cms-malformed' } });
    t.match(await augment({ signature, level: 'B-X' }), { status: 400 });
    const anonymous = await service.app.inject({
      method: 'POST',
      url: '/api/v1/augmentations',
      payload: { signature, level: 'B-T' },
    });
    t.equal(anonymous.statusCode, 401);
  });

  await t.test('the log says who, what level and how much, and nothing of the signature', async (t) => {
    const events = await service.house.stores.database.query<{ subject: string; details: object }>({
      text: "select subject, details from audit_event where action = 'augment-signature' order by id limit 1",
    });
    t.match(events, [{ subject: 'relying-party:his-1', details: { format: 'cades', level: 'B-B' } }]);
    t.strictSame(Object.keys(events[0].details).sort(), ['format', 'level', 'octets']);
  });

  await t.test('a revocation afterwards does not touch what was stamped before', async (t) => {
    const signature = (await sign(service, doctor)).toString('base64');
    const { body } = await augment({ signature, level: 'B-LT' });
    service.clock.advanceSeconds(60);
    await service.app.inject({
      method: 'POST',
      url: `${doctor.path}/revoke`,
      headers: { cookie: await service.cookieOf('ca-operator') },
      payload: { reason: 'keyCompromise' },
    });
    t.match(await validate(service, body.signature), { indication: 'TOTAL-PASSED' });
    t.match(await validate(service, signature), { indication: 'INDETERMINATE' });
  });
});

function sign(
  { clock }: TestService,
  { signer, certificate }: IssuedDoctor,
  detached = false,
): Promise<Buffer> {
  return signCades({ content, signer, certificate, detached, signingTime: clock.now() });
}

async function validate({ app }: TestService, signature: string): Promise<unknown> {
  const response = await app.inject({ method: 'POST', url: '/api/v1/validations', payload: { signature } });
  return response.json();
}
