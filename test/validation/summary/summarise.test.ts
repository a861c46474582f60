import t from 'tap';

import { signCades } from '../../../signing/cades/sign-cades.ts';
import { REASON_CODES } from '../../../validation/reason.ts';
import { summarise } from '../../../validation/summary/summarise.ts';
import { ENGLISH } from '../../../validation/summary/texts-en.ts';
import { PERSIAN } from '../../../validation/summary/texts-fa.ts';
import { FixtureDeployment, NOON } from '../../support/fixture-deployment.ts';

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const signature = await signCades({ content: Buffer.from('Rp. Metformin'), ...doctor, signingTime: NOON });

t.test('says who signed, as what, when, and that it holds', async (t) => {
  const report = await deployment.validate(signature, { receivedAt: NOON });
  const { headline, signatures, remarks } = summarise(report, 'en');
  t.match(headline, /holds/);
  t.strictSame(remarks, []);
  const facts = new Map(signatures[0].facts.map(({ label, value }) => [label, value]));
  t.equal(facts.get('Signed by'), 'مینا رضایی');
  t.equal(facts.get('Profession'), 'Physician');
  t.equal(facts.get('Medical Council number'), '112233');
  t.match(facts.get('National ID'), /999\*+01/);
  t.match(facts.get('Proven to exist'), /15 June 2026 at 15:30:00, when it was received/);
  t.equal(facts.get('Certificate now'), 'valid');
});

t.test('in Persian, by the calendar and the digits of Iran', async (t) => {
  const report = await deployment.validate(signature, { receivedAt: NOON });
  const { headline, direction, signatures } = summarise(report, 'fa');
  t.match(headline, /معتبر است/);
  t.equal(direction, 'rtl');
  const values = signatures[0].facts.map(({ value }) => value).join(' ');
  t.match(values, /۲۵ خرداد ۱۴۰۵/);
  t.match(values, /۱۱۲۲۳۳/);
  t.notMatch(values, /9990000001|۹۹۹۰۰۰۰۰۰۱/, 'the national id is masked');
});

t.test('says why a changed document does not hold, each reason once', async (t) => {
  const report = await deployment.validate(signature, { content: Buffer.from('Rp. Morphine') });
  const { headline, signatures } = summarise(report, 'en');
  t.match(headline, /does not hold/);
  const [{ reasons }] = signatures;
  t.ok(reasons.includes('The document was changed after it was signed.'));
  t.equal(new Set(reasons).size, reasons.length);
});

t.test('every reason is a sentence in both languages', async (t) => {
  for (const { reasons } of [ENGLISH, PERSIAN])
    for (const code of REASON_CODES) t.match(reasons[code], /\S{2,} .*\.$/u, code);
});
