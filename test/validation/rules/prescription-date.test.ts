import t from 'tap';

import { prescriptionDate } from '../../../validation/rules/prescription-date.ts';
import { fhir, judged, ruleFacts, socialSecurity } from '../../support/rule-facts.ts';

const DIFFERS = 'failed prescription-date-differs';

function at(time: string) {
  return { claimedSigningTime: new Date(time), provenAt: new Date(time) };
}

t.test('passes the day of signing, as a moment, a day or a Jalali day', async (t) => {
  t.equal(judged(prescriptionDate, await ruleFacts({ documents: fhir() })), 'passed');
  const day = fhir({ request: { authoredOn: '2026-06-15' } });
  t.equal(judged(prescriptionDate, await ruleFacts({ documents: day })), 'passed');
  t.equal(judged(prescriptionDate, await ruleFacts({ documents: socialSecurity() })), 'passed');
});

t.test('days begin at midnight in Tehran, to the second', async (t) => {
  const documents = fhir({ request: { authoredOn: '2026-06-15' } });
  const cases = [
    ['2026-06-14T20:29:59Z', DIFFERS],
    ['2026-06-14T20:30:00Z', 'passed'],
    ['2026-06-15T20:29:59Z', 'passed'],
    ['2026-06-15T20:30:00Z', DIFFERS],
  ];
  for (const [time, outcome] of cases)
    t.equal(judged(prescriptionDate, await ruleFacts({ documents, ...at(time) })), outcome, time);
});

t.test('an hour with its offset is the day that Tehran has then', async (t) => {
  const documents = fhir({ request: { authoredOn: '2026-06-15T23:30:00-02:00' } });
  t.equal(judged(prescriptionDate, await ruleFacts({ documents, ...at('2026-06-16T01:30:00Z') })), 'passed');
});

t.test('in summer the clocks of Tehran went an hour ahead until 2022', async (t) => {
  const documents = fhir({ request: { authoredOn: '2020-07-01' } });
  t.equal(judged(prescriptionDate, await ruleFacts({ documents, ...at('2020-06-30T19:30:00Z') })), 'passed');
  t.equal(judged(prescriptionDate, await ruleFacts({ documents, ...at('2020-06-30T19:29:59Z') })), DIFFERS);
});

t.test('fails a day after the proof, whatever the signer claims', async (t) => {
  const documents = fhir({ request: { authoredOn: '2026-06-16' } });
  const claimedSigningTime = new Date('2026-06-16T08:00:00Z');
  const facts = await ruleFacts({ documents, claimedSigningTime });
  t.equal(judged(prescriptionDate, facts), DIFFERS);
});

t.test('without a signing-time the day of the proof counts', async (t) => {
  const facts = await ruleFacts({ documents: fhir(), claimedSigningTime: undefined });
  t.equal(judged(prescriptionDate, facts), 'passed');
});

t.test('fails one date of two that differs, and none at all', async (t) => {
  const two = [...fhir(), ...socialSecurity({ prescDate: '14050324' })];
  t.equal(judged(prescriptionDate, await ruleFacts({ documents: two })), DIFFERS);
  const none = fhir({ request: { authoredOn: undefined } });
  t.equal(judged(prescriptionDate, await ruleFacts({ documents: none })), DIFFERS);
});

t.test('does not apply to anything else', async (t) => {
  t.equal(judged(prescriptionDate, await ruleFacts()), 'not-applicable');
});
