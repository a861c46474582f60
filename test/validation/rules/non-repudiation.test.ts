import t from 'tap';

import { keyUsageExtension } from '../../../pki/extensions/key-usage.ts';
import type { Extension } from '../../../pki/extension.ts';
import { CE } from '../../../pki/oid.ts';
import { applyRules } from '../../../validation/apply-rules.ts';
import { nonRepudiation } from '../../../validation/rules/non-repudiation.ts';
import { ruleFacts } from '../../support/rule-facts.ts';
import { FixtureDeployment } from '../../support/fixture-deployment.ts';

const deployment = await FixtureDeployment.create();

t.test('passes nonRepudiation, alone or beside digitalSignature', async (t) => {
  t.equal(await outcomeOf([keyUsageExtension(['nonRepudiation'])]), 'passed');
  t.equal(await outcomeOf([keyUsageExtension(['digitalSignature', 'nonRepudiation'])]), 'passed');
});

t.test('fails a key that is meant for something else', async (t) => {
  t.equal(await outcomeOf([keyUsageExtension(['digitalSignature'])]), 'failed');
  t.equal(await outcomeOf([keyUsageExtension(['keyCertSign', 'cRLSign'])]), 'failed');
});

t.test('fails a certificate that does not say what its key is for', async (t) => {
  t.equal(await outcomeOf([]), 'failed');
});

t.test('fails a keyUsage that cannot be read', async (t) => {
  t.equal(
    await outcomeOf([{ oid: CE.keyUsage, critical: true, value: Buffer.from('0401', 'hex') }]),
    'failed',
  );
});

async function outcomeOf(extensions: Extension[]): Promise<string> {
  const { certificate } = await deployment.issue(undefined, { extensions });
  const { results, reasons } = applyRules([nonRepudiation], await ruleFacts({ certificate }));
  const failed = results[0].outcome === 'failed';
  t.equal(reasons[0]?.code, failed ? 'non-repudiation-missing' : undefined, 'a reason stands for a failure');
  return results[0].outcome;
}
