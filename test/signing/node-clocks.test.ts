import t from 'tap';
import type { Test } from 'tap';

import { ManualClock } from '../../core/clock.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { claimedSigningTime } from '../../validation/cades/signing-time.ts';
import { onPostgres } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import { openTestService } from '../support/test-service.ts';

t.test('nodes whose clocks are minutes apart sign at one time, or not at all', async (t) => {
  await onPostgres(t, clocksOfNodes, 'first-start');
});

/** A session begins at one node and comes to another whose clock is wrong. */
async function clocksOfNodes(t: Test, { opened, dataDirectory }: OpenedDatabase): Promise<void> {
  const right = await openTestService({ opened, dataDirectory });
  const { clock } = right;
  const minutes = (count: number) => {
    const apart = new ManualClock(clock.now());
    apart.advanceSeconds(count * 60);
    return apart;
  };
  const clinic = await PrescriptionSystem.register(right);
  const doctors = [await issueDoctor(right), await issueDoctor(right)];
  // Else certificates of today are of the future where a clock is behind.
  clock.advanceSeconds(600);
  await clinic.authenticate();
  const begun = [];
  for (const doctor of doctors) {
    const phone = new SoftwarePhone(right.app, doctor);
    await phone.signIn();
    const { id } = (
      await clinic.ask({
        holder: { certificateSha256: hash(doctor.certificate.bytes).toString('hex') },
        documents: [fhirDocument()],
      })
    ).body;
    const request = (await phone.fetch())!;
    const screen = phone.read(request);
    const { signingTime } = (await phone.display(request, screen)).body;
    await phone.confirm(request, screen.verificationCode);
    begun.push({ id, phone, request, values: phone.values(request, screen, signingTime), signingTime });
  }
  await right.close();
  const [early, late] = begun;

  const behind = await openTestService({ opened, dataDirectory, clock: minutes(-4) });
  t.match(await early.phone.at(behind.app).submit(early.request, early.values), {
    status: 200,
    body: { state: 'SIGNED' },
  });
  const [signature] = (await clinic.at(behind.app).read(early.id)).body.signatures!;
  await behind.close();
  const [signer] = parseSignedData(Buffer.from(signature, 'base64')).signerInfos;
  t.equal(
    claimedSigningTime(signer)?.toISOString(),
    new Date(early.signingTime).toISOString(),
    'the time is that of the node that had it displayed',
  );

  const ahead = await openTestService({ opened, dataDirectory, clock: minutes(4) });
  t.match(await late.phone.at(ahead.app).submit(late.request, late.values), {
    status: 409,
    body: { code: 'session-state' },
  });
  t.match((await clinic.at(ahead.app).read(late.id)).body, { state: 'TIMEOUT', signatures: undefined });
  await ahead.close();
}
