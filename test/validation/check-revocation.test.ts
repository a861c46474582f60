import t from 'tap';

import { signCades } from '../../signing/cades-signature.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';

const content = Buffer.from('{"docId":"0000112233","prescDate":"14050325"}');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const seconds = (count: number) => new Date(NOON.getTime() + count * 1000);

t.test('needs a status to pass', async (t) => {
  const tryLater = { indication: 'INDETERMINATE', subIndication: 'TRY_LATER', cryptographic: 'PASSED' };
  const faults: unknown[] = [];
  const broken = {
    authorityOf: async () => 'bronze',
    changesOf: () => Promise.reject(new Error('connection lost')),
  };
  const lost = await deployment.validate(await sign(doctor), {
    statusHistory: broken,
    onStatusFault: (cause) => faults.push(cause),
  });
  t.match(lost, { ...tryLater, reasons: [{ code: 'status-unavailable' }] });
  t.match(faults, [{ message: 'connection lost' }]);
  const foreign = { authorityOf: async () => undefined, changesOf: async () => [] };
  t.match(
    await deployment.validate(await sign(doctor), { statusHistory: foreign }),
    tryLater,
    'an authority that is not ours',
  );
  const unrecorded = { authorityOf: async () => 'bronze', changesOf: async () => [] };
  const neverIssued = await deployment.validate(await sign(doctor), { statusHistory: unrecorded });
  t.match(neverIssued, { ...tryLater, reasons: [{ code: 'status-never-issued' }] });
});

t.test('asks for the status of issuing CAs that the deployment does not vouch for', async (t) => {
  const trust = new TrustStore({ anchors: [deployment.root.certificate], intermediates: [] });
  const signature = await sign(doctor);
  t.match(await deployment.validate(signature, { trust }), { subIndication: 'TRY_LATER' });
  const known = await FixtureDeployment.create();
  const rootHistory = {
    authorityOf: async () => 'any',
    changesOf: async (authorityId: string, serialNumber: Buffer) => {
      const row = { changeNumber: 1, authorityId, serialNumber, effectiveAt: seconds(-60) };
      const revoked = serialNumber.equals(deployment.bronze.certificate.serialNumber);
      return [{ ...row, event: revoked ? ('revoked' as const) : ('issued' as const) }];
    },
  };
  t.match(await known.validate(signature, { trust, statusHistory: rootHistory }), {
    indication: 'INDETERMINATE',
    subIndication: 'REVOKED_CA_NO_POE',
  });
});

function sign({ signer, certificate }: Holder): Promise<Buffer> {
  return signCades({
    content,
    signer,
    certificate,
    chain: [deployment.bronze.certificate],
    signingTime: NOON,
  });
}
