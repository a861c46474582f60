import t from 'tap';

import { prescriber } from '../../../validation/rules/prescriber.ts';
import { COUNCIL, fhir, judged, ruleFacts, socialSecurity } from '../../support/rule-facts.ts';

const rule = prescriber({ council: [], nationalId: [] }, '2.999.364.1.4');
const DIFFERS = 'failed prescriber-differs';

t.test('passes the signer, in either form of prescription', async (t) => {
  t.equal(judged(rule, await ruleFacts({ documents: fhir() })), 'passed');
  t.equal(judged(rule, await ruleFacts({ documents: socialSecurity() })), 'passed');
  const both = [...fhir(), ...socialSecurity()];
  t.equal(judged(rule, await ruleFacts({ documents: both })), 'passed');
});

t.test('fails another number, group or national id', async (t) => {
  const identifiers = [
    [{ system: 'urn:mohr:council:physician', value: '112234' }],
    [{ system: 'urn:mohr:council:dentist', value: '112233' }],
    [...COUNCIL, { system: 'urn:mohr:council:physician', value: '112234' }],
    [...COUNCIL, { system: 'urn:mohr:national-id', value: '9990000002' }],
  ];
  for (const identifier of identifiers)
    t.equal(judged(rule, await ruleFacts({ documents: fhir({ identifier }) })), DIFFERS);
  for (const overrides of [{ docId: '0000112234' }, { docNationalCode: '9990000002' }, { docId: undefined }])
    t.equal(judged(rule, await ruleFacts({ documents: socialSecurity(overrides) })), DIFFERS);
});

t.test('one of two prescriptions by somebody else fails both', async (t) => {
  const documents = [...fhir(), ...socialSecurity({ docId: '0000112234' })];
  t.equal(judged(rule, await ruleFacts({ documents })), DIFFERS);
});

t.test('fails a prescription whose prescriber is not to be found in it', async (t) => {
  for (const request of [
    { requester: { reference: 'Practitioner/elsewhere' } },
    { requester: { display: 'Dr. Somebody' } },
    { requester: [{ reference: 'urn:uuid:00000000-0000-4000-8000-000000000002' }, { reference: 'x' }] },
  ])
    t.equal(judged(rule, await ruleFacts({ documents: fhir({ request }) })), DIFFERS);
  t.equal(judged(rule, await ruleFacts({ documents: fhir({ identifier: [] }) })), DIFFERS);
});

t.test('knows the systems of a deployment beside its own', async (t) => {
  const identifier = [{ system: 'https://council.example/number', value: '112233' }];
  const facts = await ruleFacts({ documents: fhir({ identifier }) });
  t.equal(judged(rule, facts), DIFFERS);
  const wider = prescriber({ council: ['https://council.example/number'], nationalId: [] }, '2.999.364.1.4');
  t.equal(judged(wider, facts), 'passed');
});

t.test('does not apply to anything else', async (t) => {
  t.equal(judged(rule, await ruleFacts()), 'not-applicable');
  t.equal(judged(rule, await ruleFacts({ documents: [{ kind: 'other' }] })), 'not-applicable');
});

t.test('no number of a person stands in what it says', async (t) => {
  const documents = fhir({ identifier: [{ system: 'urn:mohr:council', value: '998877' }] });
  t.notMatch(rule.judge(await ruleFacts({ documents })).detail, /998877|112233/);
});
