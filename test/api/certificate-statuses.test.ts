import t from 'tap';

import { parseCertificate } from '../../pki/certificate.ts';
import { FixtureDeployment } from '../support/fixture-deployment.ts';
import { fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { onBothServices } from '../support/test-service.ts';

await onBothServices(t, async (t, service) => {
  const { app, house, clock } = service;
  const doctor = await issueDoctor(service);
  const ask = async (certificate: Buffer) => {
    const payload = { certificate: certificate.toString('base64') };
    return (
      await app.inject({ method: 'POST', url: '/api/v1/certificate-statuses', payload })
    ).json<object>();
  };
  const change = async (event: 'held' | 'released' | 'revoked', reason?: 'keyCompromise') => {
    const { serialNumber } = doctor.certificate;
    await house.services.statusChanger.changeStatus(
      { authorityId: 'bronze', serialNumber, event, ...(reason && { reason }), requestedBy: 'test' },
      { kind: 'operator', id: 'test' },
    );
    clock.advanceSeconds(1);
  };

  await t.test('follows the history at once', async (t) => {
    const { bytes } = doctor.certificate;
    t.strictSame(await ask(bytes), { status: 'good', isWithinValidity: true });
    await change('held');
    t.match(await ask(bytes), { status: 'on-hold', reason: 'certificateHold' });
    await change('released');
    t.strictSame(await ask(bytes), { status: 'good', isWithinValidity: true });
    await change('revoked', 'keyCompromise');
    t.match(await ask(bytes), { status: 'revoked', reason: 'keyCompromise', since: /Z$/ });
  });

  await t.test('says nothing of a certificate that only names our authority', async (t) => {
    const signer = memorySigner();
    const stranger = await FixtureDeployment.create();
    const bronze = parseCertificate(
      house.services.authorities.find(({ id }) => id === 'bronze')!.certificate,
    );
    const forged = await fixtureCertificate(
      { ...physicianTemplate(signer.subjectPublicKeyInfo), serialNumber: doctor.certificate.serialNumber },
      { certificate: bronze, signer: stranger.bronze.signer },
    );
    t.match(await ask(forged.bytes), { status: 'unknown-issuer' });
    t.match(await ask((await stranger.issue()).certificate.bytes), { status: 'unknown-issuer' });
  });

  await t.test('refuses what is no certificate', async (t) => {
    t.match(await ask(Buffer.from('300000', 'hex')), { status: 422, code: /malformed$/ });
  });
});
