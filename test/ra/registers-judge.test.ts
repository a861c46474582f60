import t from 'tap';

import { syntheticDoctor } from '../../cli/registers/registered-person.ts';
import { judgeLookUp } from '../../ra/registers/judge-look-up.ts';
import type { LookUp, RegisterFault } from '../../ra/registers/register.ts';

const { nationalId, givenName, surname, councilNumber, birthDate, mobile } = syntheticDoctor(3);
const raw = Buffer.from('{}');
const member = { nationalId, givenName, surname, councilNumber, licence: 'active' as const };
const citizen = { nationalId, givenName, surname, birthDate, isAlive: true };
const found = <Entry>(entry: Entry) => ({ kind: 'found' as const, entry, raw });

t.test('the Medical Council confirms a member with an active licence', async (t) => {
  const judge = (claim: object, entry: object) =>
    judgeLookUp('medical-council', { ...member, ...claim }, found({ ...member, ...entry }));
  t.strictSame(judge({}, {}), { result: 'MATCH', reason: 'as-registered' });
  const cases: [claim: object, entry: object, reason: string][] = [
    [{}, { licence: 'suspended' }, 'licence-suspended'],
    [{}, { licence: 'ended' }, 'licence-ended'],
    [{}, { nationalId: syntheticDoctor(4).nationalId }, 'national-id-differs'],
    [{}, { councilNumber: { ...councilNumber, digits: '77' } }, 'council-number-differs'],
    [{}, { councilNumber: { ...councilNumber, group: 'dentist' } }, 'council-number-differs'],
    [{}, { surname: 'دیگری' }, 'name-differs'],
    [{ givenName: 'دیگری' }, {}, 'name-differs'],
    [{ givenName: surname, surname: givenName }, {}, 'name-differs'],
  ];
  for (const [claim, entry, reason] of cases)
    t.strictSame(judge(claim, entry), { result: 'NO_MATCH', reason }, reason);
});

t.test('one name in two spellings is one name', async (t) => {
  const judge = (ours: string, theirs: string) =>
    judgeLookUp('civil-registry', { ...citizen, surname: ours }, found({ ...citizen, surname: theirs }))
      .result;
  for (const [ours, theirs] of [
    ['آزمایشی‌پور', 'آزمايشي پور'],
    ['آزمایشی‌پور', 'آزمایشیپور'],
    ['محمدی', 'مُحَمَّدی'],
    ['کریمی', 'كريمي'],
  ])
    t.equal(judge(ours, theirs), 'MATCH', `${ours} ${theirs}`);
  t.equal(judge('کریمی', 'کرامی'), 'NO_MATCH');
});

t.test('the civil registry confirms a living person', async (t) => {
  const judge = (claim: object, entry: object) =>
    judgeLookUp(
      'civil-registry',
      { nationalId, givenName, surname, ...claim },
      found({ ...citizen, ...entry }),
    );
  t.equal(judge({}, {}).result, 'MATCH', 'without a birth date');
  t.equal(judge({ birthDate }, {}).result, 'MATCH', 'with the right one');
  t.equal(judge({ birthDate: '1900-01-01' }, {}).reason, 'birth-date-differs');
  t.equal(judge({}, { isAlive: false }).reason, 'deceased');
});

t.test('Shahkar says whose a number is', async (t) => {
  const judge = (isOwner: boolean) => judgeLookUp('shahkar', { nationalId, mobile }, found({ isOwner }));
  t.strictSame(judge(true), { result: 'MATCH', reason: 'as-registered' });
  t.strictSame(judge(false), { result: 'NO_MATCH', reason: 'mobile-of-another' });
});

t.test('nobody known is no match, and no answer is neither', async (t) => {
  t.strictSame(judgeLookUp('civil-registry', citizen, { kind: 'unknown', raw }), {
    result: 'NO_MATCH',
    reason: 'person-unknown',
  });
  const faults: RegisterFault[] = ['timeout', 'circuit-open', 'answer-unsigned', 'not-configured'];
  for (const fault of faults) {
    const lookUp: LookUp<'shahkar'> = { kind: 'unavailable', fault, raw };
    t.strictSame(judgeLookUp('shahkar', { nationalId, mobile }, lookUp), {
      result: 'UNAVAILABLE',
      reason: fault,
    });
  }
});
