import t from 'tap';

import { syntheticNationalId } from '../../core/national-id.ts';
import { parseApplicant } from '../../ra/applicant-input.ts';
import type { ApplicantInput } from '../../ra/applicant-input.ts';

const INPUT: ApplicantInput = {
  nationalId: syntheticNationalId(7),
  givenName: 'شیرین',
  surname: 'آزمایشی',
  latinName: 'Shirin Azmayeshi',
  councilNumber: { group: 'physician', digits: '112233' },
};

const accepted: [name: string, input: Partial<ApplicantInput>, stored: Partial<ApplicantInput>][] = [
  ['what a clerk types', {}, INPUT],
  [
    'Arabic letters in the place of Persian ones',
    { givenName: 'علي', surname: 'كريمي' },
    { givenName: 'علی', surname: 'کریمی' },
  ],
  ['spaces around and between', { surname: '  آزمایشی \u00a0 پور ' }, { surname: 'آزمایشی پور' }],
  ['a joiner between letters', { surname: 'آزمایشی\u200cپور' }, { surname: 'آزمایشی\u200cپور' }],
  ['joiners at the ends', { surname: '\u200cآزمایشی\u200c' }, { surname: 'آزمایشی' }],
  [
    'tatweel and harakat',
    { givenName: 'شـیـریـن', surname: 'مُحَمَّد' },
    { givenName: 'شیرین', surname: 'محمد' },
  ],
  ['a byte order mark that a spreadsheet left', { givenName: '\ufeffشیرین' }, { givenName: 'شیرین' }],
  ['sixty-four letters', { surname: 'آ'.repeat(64) }, { surname: 'آ'.repeat(64) }],
  [
    'Persian digits',
    { nationalId: persian(INPUT.nationalId), councilNumber: { group: 'physician', digits: '۱۱۲۲۳۳' } },
    INPUT,
  ],
  [
    'leading zeros of a council number',
    { councilNumber: { group: 'physician', digits: '0000112233' } },
    INPUT,
  ],
  [
    'marks of a transliteration',
    { latinName: "Šīrīn O'Āzmāyešī-Pūr" },
    { latinName: "Šīrīn O'Āzmāyešī-Pūr" },
  ],
  ['decomposed marks', { latinName: 'S\u030cirin' }, { latinName: 'Širin' }],
  ['two Latin letters', { latinName: 'Xi' }, { latinName: 'Xi' }],
  ['forty-seven Latin letters', { latinName: 'A'.repeat(47) }, { latinName: 'A'.repeat(47) }],
];

for (const [name, input, stored] of accepted) {
  t.test(`accepts ${name}`, async (t) => t.match(parseApplicant({ ...INPUT, ...input }), stored));
}

const refused: [name: string, input: Partial<ApplicantInput>, code: string][] = [
  ['no given name', { givenName: '' }, 'name-not-persian'],
  ['a given name of spaces', { givenName: ' \u200c ' }, 'name-not-persian'],
  ['a name with a NUL', { givenName: 'شی\0رین' }, 'name-not-persian'],
  ['a name with half of a surrogate pair', { givenName: 'شی\ud800رین' }, 'name-not-persian'],
  ['a name that is turned around', { surname: '\u202eیشیامزآ' }, 'name-not-persian'],
  ['a name with an isolate', { surname: 'آزما\u2067یشی' }, 'name-not-persian'],
  ['a name with a digit', { surname: 'آزمایشی۲' }, 'name-not-persian'],
  ['a name with a Latin letter', { surname: 'آزمایشیi' }, 'name-not-persian'],
  ['a name with an emoji', { surname: 'آزمایشی😀' }, 'name-not-persian'],
  ['a name in Hebrew letters', { surname: 'אבג' }, 'name-not-persian'],
  ['a name that begins with a hyphen', { surname: '-آزمایشی' }, 'name-not-persian'],
  ['sixty-five letters', { surname: 'آ'.repeat(65) }, 'name-not-persian'],
  ['no Latin name', { latinName: '' }, 'latin-name-malformed'],
  ['one Latin letter', { latinName: 'X' }, 'latin-name-malformed'],
  ['forty-eight Latin letters', { latinName: 'A'.repeat(48) }, 'latin-name-malformed'],
  ['a Latin name with a Cyrillic letter', { latinName: 'Shіrin' }, 'latin-name-malformed'],
  ['a Latin name with a Persian letter', { latinName: 'Shirinی' }, 'latin-name-malformed'],
  ['a Latin name with a multiplication sign', { latinName: 'Shirin × Co' }, 'latin-name-malformed'],
  ['a Latin name with a division sign', { latinName: 'Shirin÷' }, 'latin-name-malformed'],
  ['a Latin name with a suffix of ours', { latinName: 'Shirin [Mobile Sign]' }, 'latin-name-malformed'],
  ['a Latin name with a comma', { latinName: 'Shirin,CN=Root' }, 'latin-name-malformed'],
  ['a Latin name in full-width letters', { latinName: 'Ｓhirin' }, 'latin-name-malformed'],
  ['a Latin name with a control', { latinName: 'Shirin\u0007' }, 'latin-name-malformed'],
  ['a wrong check digit', { nationalId: '9990000008' }, 'national-id-checksum'],
  ['ten equal digits', { nationalId: '9999999999' }, 'national-id-malformed'],
  ['another group', { councilNumber: { group: 'barber', digits: '1' } }, 'council-group-unknown'],
  [
    'a property of every object as a group',
    { councilNumber: { group: 'constructor', digits: '1' } },
    'council-group-unknown',
  ],
  [
    'a council number of zeros',
    { councilNumber: { group: 'physician', digits: '000' } },
    'council-number-malformed',
  ],
  [
    'a council number longer than its group’s',
    { councilNumber: { group: 'physician', digits: '1234567' } },
    'council-number-malformed',
  ],
];

for (const [name, input, code] of refused) {
  t.test(`refuses ${name}`, async (t) => {
    const whole = { ...INPUT, ...input };
    let detail = '';
    t.throws(
      () => {
        try {
          parseApplicant(whole);
        } catch (error) {
          ({ detail } = error as { detail: string });
          throw error;
        }
      },
      { code },
    );
    for (const text of [whole.nationalId, whole.surname, whole.givenName, whole.latinName])
      if (text.length > 1) t.notOk(detail.includes(text), 'the refusal does not repeat who it is about');
  });
}

function persian(digits: string): string {
  return digits.replace(/[0-9]/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)]);
}
