import fc from 'fast-check';
import t from 'tap';

import { toPersianDigits } from '../../core/digits.ts';
import {
  maskNationalId,
  padImportedNationalId,
  parseNationalId,
  syntheticNationalId,
} from '../../core/national-id.ts';

const seed = fc.integer({ min: 0, max: 999_998 });

t.test('reads an id in ASCII, Persian and Arabic-Indic digits', async (t) => {
  // 9·10 + 9·9 + 9·8 = 243, and 243 mod 11 = 1, which is its own check digit.
  t.equal(parseNationalId('9990000001'), '9990000001');
  t.equal(parseNationalId('۹۹۹۰۰۰۰۰۰۱'), '9990000001');
  t.equal(parseNationalId('٩٩٩٠٠٠٠٠٠١'), '9990000001');
});

t.test('takes the remainder 0, 1 and above for the check digit', async (t) => {
  // The last of the first nine digits weighs 2: 243 + 2·d mod 11 for d = 5 is 0, for d = 0 is 1, for d = 6 is 2.
  t.equal(parseNationalId('9990000050'), '9990000050');
  t.equal(parseNationalId('9990000001'), '9990000001');
  t.equal(parseNationalId('9990000069'), '9990000069');
});

t.test('refuses a wrong check digit', async (t) => {
  t.throws(() => parseNationalId('9990000000'), { code: 'national-id-checksum' });
  t.throws(() => parseNationalId('9990000002'), { code: 'national-id-checksum' });
});

t.test('refuses what is not ten digits, or ten equal ones', async (t) => {
  const bad = [
    '',
    '999000001',
    '99900000010',
    ' 999000000',
    '999000000x',
    '999-000001',
    '+990000001',
    '99900000.1',
  ];
  for (const text of bad)
    t.throws(() => parseNationalId(text), { code: 'national-id-malformed' }, JSON.stringify(text));
  for (let digit = 0; digit <= 9; digit++) {
    t.throws(() => parseNationalId(String(digit).repeat(10)), { code: 'national-id-malformed' });
  }
  t.throws(() => parseNationalId('9'.repeat(1_000_000)), { code: 'national-id-malformed' });
});

t.test('never repeats the number in a refusal', async (t) => {
  for (const text of ['9990000002', '999000000x', '9999999999']) {
    try {
      parseNationalId(text);
      t.fail('refused');
    } catch (error) {
      t.notMatch(JSON.stringify([(error as Error).message, error]), /99900|99999/);
    }
  }
});

t.test('pads imported ids that lost leading zeros', async (t) => {
  // The prefix 000 is as unallocated as 999; 1·2 = 2 mod 11 → 9.
  t.equal(padImportedNationalId('00000019'), '0000000019');
  t.equal(padImportedNationalId('000000019'), '0000000019');
  t.equal(padImportedNationalId('۰۰۰۰۰۰۱۹'), '0000000019');
  t.equal(padImportedNationalId('9990000001'), '9990000001', 'ten digits stay');
  t.throws(() => padImportedNationalId('0000019'), { code: 'national-id-malformed' });
  t.throws(() => padImportedNationalId('09990000001'), { code: 'national-id-malformed' });
  t.throws(() => padImportedNationalId('00000018'), { code: 'national-id-checksum' });
  t.throws(
    () => parseNationalId('00000019'),
    { code: 'national-id-malformed' },
    'outside imports nothing is padded',
  );
});

t.test('masks all but the first three and the last two digits', async (t) => {
  t.equal(maskNationalId(parseNationalId('9990000069')), '999*****69');
});

t.test('makes valid, distinct synthetic ids under the prefix 999', async (t) => {
  fc.assert(
    fc.property(seed, (n) => {
      const id = syntheticNationalId(n);
      return (
        id.startsWith('999') && parseNationalId(toPersianDigits(id)) === id && Number(id.slice(3, 9)) === n
      );
    }),
  );
  t.equal(syntheticNationalId(0), '9990000001');
  for (const n of [-1, 0.5, 999_999, Number.NaN]) t.throws(() => syntheticNationalId(n), RangeError);
});

t.test('accepts exactly one check digit after any nine digits', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), (n) => {
      const nine = `999${String(n).padStart(6, '0')}`;
      const accepted = Array.from({ length: 10 }, (_, digit) => `${nine}${digit}`).filter(isAccepted);
      return accepted.length === (n === 999_999 ? 0 : 1);
    }),
  );
});

function isAccepted(text: string): boolean {
  try {
    return parseNationalId(text) === text;
  } catch {
    return false;
  }
}
