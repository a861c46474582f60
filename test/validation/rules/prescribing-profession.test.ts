import t from 'tap';

import { admissionExtension } from '../../../pki/extensions/admission.ts';
import { encodeName } from '../../../pki/name.ts';
import { AT } from '../../../pki/oid.ts';
import { prescribingProfession } from '../../../validation/rules/prescribing-profession.ts';
import { fhir, judged, physicianWith, ruleFacts } from '../../support/rule-facts.ts';

const rule = prescribingProfession(['physician', 'dentist'], '2.999.364.1.4');

async function outcomeOf(...oids: string[]): Promise<string> {
  const council = encodeName([{ type: AT.organizationName, value: 'سازمان نظام پزشکی' }]);
  const admission = admissionExtension(council, { items: ['پزشک'], oids, registrationNumber: '112233' });
  const certificate = await physicianWith([admission]);
  return judged(rule, await ruleFacts({ certificate, documents: fhir() }));
}

t.test('passes who may prescribe, one profession of two being enough', async (t) => {
  t.equal(await outcomeOf('2.999.364.1.4.1'), 'passed');
  t.equal(await outcomeOf('2.999.364.1.4.3', '2.999.364.1.4.2'), 'passed');
});

t.test('fails a pharmacist, another arc, and nobody', async (t) => {
  const failed = 'failed profession-may-not-prescribe';
  t.equal(await outcomeOf('2.999.364.1.4.3'), failed);
  t.equal(await outcomeOf('2.999.364.2.4.1'), failed);
  t.equal(await outcomeOf(), failed);
});

t.test('does not apply to a report that a pharmacist signs', async (t) => {
  t.equal(judged(rule, await ruleFacts({ documents: [{ kind: 'other' }] })), 'not-applicable');
});
