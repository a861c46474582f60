import t from 'tap';

import { certificatePoliciesExtension } from '../../../pki/extensions/certificate-policies.ts';
import { assuranceLevel } from '../../../validation/rules/assurance-level.ts';
import type { AssuranceLevel } from '../../../validation/rules/assurance-level.ts';
import { judged, physicianWith, ruleFacts } from '../../support/rule-facts.ts';

const ARC = '2.16.364.101.1.1';
const TOO_LOW = 'failed assurance-level-too-low';

async function outcomeOf(levelMin: AssuranceLevel, ...policies: string[]): Promise<string> {
  const certificate = await physicianWith([
    certificatePoliciesExtension(policies.map((policy) => ({ policy }))),
  ]);
  return judged(assuranceLevel(levelMin, ARC), await ruleFacts({ certificate }));
}

t.test('passes the level and those above', async (t) => {
  t.equal(await outcomeOf(1, `${ARC}.1`, '2.999.364.1.1.1'), 'passed');
  t.equal(await outcomeOf(2, `${ARC}.2`), 'passed');
  t.equal(await outcomeOf(2, `${ARC}.4`), 'passed');
});

t.test('fails a lower one, one that does not exist, and none', async (t) => {
  t.equal(await outcomeOf(2, `${ARC}.1`), TOO_LOW);
  t.equal(await outcomeOf(1, `${ARC}.5`), TOO_LOW);
  t.equal(await outcomeOf(1, `${ARC}.1.1`), TOO_LOW);
  t.equal(await outcomeOf(1, '2.999.364.1.1.1'), TOO_LOW);
});
