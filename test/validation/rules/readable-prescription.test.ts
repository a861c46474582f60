import t from 'tap';

import { readPrescription } from '../../../prescriptions/read-prescription.ts';
import { readablePrescription } from '../../../validation/rules/readable-prescription.ts';
import { fhir, judged, ruleFacts } from '../../support/rule-facts.ts';

t.test('passes a prescription, and fails one that is not read alike by everybody', async (t) => {
  t.equal(judged(readablePrescription, await ruleFacts({ documents: fhir() })), 'passed');
  const twice = Buffer.from('{"resourceType":"Bundle","resourceType":"MedicationRequest"}');
  const documents = [...fhir(), readPrescription(twice)];
  t.equal(judged(readablePrescription, await ruleFacts({ documents })), 'failed prescription-unreadable');
});

t.test('does not apply to anything else', async (t) => {
  t.equal(
    judged(readablePrescription, await ruleFacts({ documents: [{ kind: 'other' }] })),
    'not-applicable',
  );
});
