import t from 'tap';
import type { Test } from 'tap';

import { ValidationWorkers } from '../../cli/validation-workers/validation-workers.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { DEFAULT_ALGORITHM_POLICY } from '../../validation/algorithm-policy.ts';
import type { BatchDocument } from '../../validation/batch/batch-result.ts';
import type { CertificateKey, ValidationRecords } from '../../validation/batch/validation-records.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const signature = await signCades({
  content: Buffer.from('Rp.'),
  signer: doctor.signer,
  certificate: doctor.certificate,
  signingTime: NOON,
});

t.test('statuses are asked together, and each time anew', async (t) => {
  const asked: number[] = [];
  const changes: StatusChange[] = [change(1, { event: 'issued' })];
  const workers = workersOf(t, {
    statusChangesOf: async (keys) => {
      asked.push(keys.length);
      return keys.map(() => [...changes]);
    },
  });
  const before = await workers.validate(documents(64));
  t.equal(before.filter(({ hasPassed }) => hasPassed).length, 64);
  t.strictSame(asked, [64], 'one question for all of them');
  changes.push(change(2, { event: 'revoked', reason: 'keyCompromise' }));
  const after = await workers.validate(documents(2));
  t.match(
    after.map(({ line }) => JSON.parse(line) as object),
    [{ subIndication: 'REVOKED' }, { subIndication: 'REVOKED' }],
    'no memory outlives a change of status',
  );
});

t.test('a status that is not to be had is never taken for a good one', async (t) => {
  const faults: string[] = [];
  const away = async () => Promise.reject(new Error('the database is away'));
  const workers = workersOf(t, { statusChangesOf: away }, (what, detail) =>
    faults.push(`${what}: ${detail}`),
  );
  const [result] = await workers.validate(documents(1));
  t.equal(result.hasPassed, false);
  t.match(JSON.parse(result.line), { indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
  t.match(faults, ['status: the database is away']);
});

t.test('a thread that dies fails what it was at, and the next one is another', async (t) => {
  let isStuck = true;
  const workers = workersOf(t, {
    statusChangesOf: (keys) => (isStuck ? new Promise(() => undefined) : Promise.resolve(keys.map(issued))),
  });
  const first = workers.validate(documents(1));
  const failed = t.rejects(first, { message: /ended/ });
  await workers.close();
  await failed;
  isStuck = false;
  t.match(await workers.validate(documents(1)), [{ hasPassed: true }]);
});

function workersOf(
  t: Test,
  records: Pick<ValidationRecords, 'statusChangesOf'>,
  onFault: (what: string, detail: string) => void = (what, detail) => t.fail(`${what}: ${detail}`),
): ValidationWorkers {
  const workers = new ValidationWorkers({
    terms: {
      validator: {
        names: { oidArc: '2.999.364.1', nationalPolicyArc: '2.16.364.101.1.1' },
        algorithms: DEFAULT_ALGORITHM_POLICY,
        revocationHosts: [],
      },
      anchors: [deployment.root.certificate.bytes],
      intermediates: [deployment.bronze.certificate.bytes],
      timeStampAnchors: [],
    },
    records: {
      authoritiesOf: async (certificates) => certificates.map(authorityOf),
      licenceChangesOf: async (numbers) => numbers.map(() => []),
      ...records,
    },
    threads: 1,
    onFault,
  });
  t.teardown(() => workers.close());
  return workers;
}

function authorityOf(certificate: Uint8Array): string | undefined {
  return deployment.bronze.certificate.bytes.equals(certificate) ? 'bronze' : undefined;
}

function issued({ serialNumber }: CertificateKey): StatusChange[] {
  return [{ ...change(1, { event: 'issued' }), serialNumber: Buffer.from(serialNumber) }];
}

function change(changeNumber: number, of: Pick<StatusChange, 'event' | 'reason'>): StatusChange {
  const { serialNumber, notBefore } = doctor.certificate;
  return { changeNumber, authorityId: 'bronze', serialNumber, effectiveAt: notBefore, ...of };
}

function documents(count: number): BatchDocument[] {
  return Array.from({ length: count }, (_, index) => ({
    reference: String(index),
    // The threads have the wall clock; the certificates are of 2026.
    document: { signature, receivedAt: NOON },
  }));
}
