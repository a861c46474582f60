import fc from 'fast-check';
import t from 'tap';

import {
  councilDocId,
  councilGroup,
  councilGroups,
  defaultCouncilRules,
  formatPermanentIdentifier,
  parseCouncilNumber,
  sameCouncilDigits,
} from '../../core/council-number.ts';
import type { MembershipGroup } from '../../core/council-number.ts';
import { toPersianDigits } from '../../core/digits.ts';
import { isPersianName } from '../../core/persian-text.ts';

t.test('lists the eight groups with the arcs of their profession OIDs and Persian names', async (t) => {
  const arcs = councilGroups.map(({ code, professionArc }) => [code, professionArc]);
  t.same(arcs, [
    ['physician', 1],
    ['dentist', 2],
    ['pharmacist', 3],
    ['midwife', 4],
    ['laboratory-scientist', 5],
    ['physiotherapist', 6],
    ['nutritionist', 7],
    ['other', 8],
  ]);
  for (const group of councilGroups) {
    t.ok(isPersianName(group.persian) && isPersianName(group.profession), group.code);
    t.ok(group.digitsMin >= 1 && group.digitsMin <= group.digitsMax && group.digitsMax <= 10, group.code);
    t.equal(councilGroup(group.code), group);
  }
  t.throws(() => councilGroup('surgeon' as MembershipGroup), TypeError);
});

t.test('reads a number of each group in any digit script and drops leading zeros', async (t) => {
  t.same(parseCouncilNumber({ group: 'physician', digits: '123456' }), {
    group: 'physician',
    digits: '123456',
  });
  t.same(parseCouncilNumber({ group: 'midwife', digits: '۰۰۱۲' }), { group: 'midwife', digits: '12' });
  t.same(parseCouncilNumber({ group: 'dentist', digits: '0000123456' }), {
    group: 'dentist',
    digits: '123456',
  });
  for (const { code, digitsMin, digitsMax } of councilGroups) {
    for (const length of [digitsMin, digitsMax]) {
      t.equal(parseCouncilNumber({ group: code, digits: '7'.repeat(length) }).digits.length, length, code);
    }
    t.throws(() => parseCouncilNumber({ group: code, digits: '7'.repeat(digitsMax + 1) }), {
      code: 'council-number-malformed',
    });
  }
});

t.test('refuses a group that the council does not have', async (t) => {
  for (const group of ['', 'surgeon', 'Physician', 'physician ', '__proto__', 'constructor', 'پزشک']) {
    t.throws(() => parseCouncilNumber({ group, digits: '1' }), { code: 'council-group-unknown' }, group);
  }
});

t.test('refuses digits that are no number', async (t) => {
  for (const digits of [
    '',
    '0',
    '0000000000',
    '12a',
    ' 12',
    '-12',
    '1.2',
    '00000000001',
    '1'.repeat(1_000_000),
  ]) {
    t.throws(
      () => parseCouncilNumber({ group: 'physician', digits }),
      { code: 'council-number-malformed' },
      digits.slice(0, 12),
    );
  }
});

t.test('takes other rules, and a group without a rule is refused', async (t) => {
  const rules = new Map([['other', { digitsMin: 3, digitsMax: 4 }]] as const);
  t.same(parseCouncilNumber({ group: 'other', digits: '0123' }, rules), { group: 'other', digits: '123' });
  t.throws(() => parseCouncilNumber({ group: 'other', digits: '0012' }, rules), {
    code: 'council-number-malformed',
  });
  t.throws(() => parseCouncilNumber({ group: 'physician', digits: '123' }, rules), {
    code: 'council-group-unknown',
  });
  t.equal(defaultCouncilRules.get('other')?.digitsMax, 8);
});

t.test('writes the permanentIdentifier and the docId', async (t) => {
  const number = parseCouncilNumber({ group: 'laboratory-scientist', digits: '01234' });
  t.equal(formatPermanentIdentifier(number), 'laboratory-scientist-1234');
  t.equal(councilDocId(number), '0000001234');
});

t.test('compares digits without leading zeros and fails closed', async (t) => {
  t.ok(sameCouncilDigits('0000123456', '123456'));
  t.ok(sameCouncilDigits('۱۲۳۴۵۶', '00123456'));
  t.notOk(sameCouncilDigits('1234560', '123456'));
  for (const text of ['', '0', 'abc', '12 ', '00000123456'])
    t.notOk(sameCouncilDigits(text, text), JSON.stringify(text));
});

t.test('every number survives the way through docId and Persian digits', async () => {
  fc.assert(
    fc.property(fc.constantFrom(...councilGroups), fc.integer({ min: 1, max: 999_999 }), ({ code }, n) => {
      const number = parseCouncilNumber({ group: code, digits: String(n) });
      const digits = toPersianDigits(councilDocId(number));
      const again = parseCouncilNumber({ group: code, digits });
      return (
        again.digits === number.digits && digits.length === 10 && sameCouncilDigits(digits, number.digits)
      );
    }),
  );
});
