import t from 'tap';

import { extendedKeyUsageExtension } from '../../../pki/extensions/extended-key-usage.ts';
import { KP } from '../../../pki/oid.ts';
import { documentSigning } from '../../../validation/rules/document-signing.ts';
import { ruleFacts } from '../../support/rule-facts.ts';
import { FixtureDeployment } from '../../support/fixture-deployment.ts';

const deployment = await FixtureDeployment.create();

t.test('passes purposes under which people sign documents', async (t) => {
  for (const purpose of [KP.documentSigning, KP.emailProtection, KP.anyExtendedKeyUsage]) {
    t.equal(await outcomeOf([purpose]), 'passed', purpose);
  }
  t.equal(await outcomeOf([KP.clientAuth, KP.documentSigning]), 'passed', 'beside another');
});

t.test('fails a certificate for time stamps, OCSP or logging in', async (t) => {
  for (const purpose of [KP.timeStamping, KP.ocspSigning, KP.clientAuth]) {
    t.equal(await outcomeOf([purpose]), 'failed', purpose);
  }
});

t.test('does not apply to a certificate without purposes', async (t) => {
  t.equal(await outcomeOf(undefined), 'not-applicable');
});

async function outcomeOf(purposes: string[] | undefined): Promise<string> {
  const extensions = purposes ? [extendedKeyUsageExtension(purposes)] : [];
  const { certificate } = await deployment.issue(undefined, { extensions });
  return documentSigning.judge(await ruleFacts({ certificate })).outcome;
}
