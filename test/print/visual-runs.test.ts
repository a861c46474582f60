import t from 'tap';

import { visualRuns } from '../../print/visual-runs.ts';

/** From left to right, as it is seen: what is Arabic is given to the font engine the other way round. */
function seen(line: string, direction: 'rtl' | 'ltr'): string {
  return visualRuns(line, direction)
    .map(({ font, text }) => (font === 'arabic' ? [...text].reverse().join('') : text))
    .join('');
}

t.test('Persian runs from right to left, numbers in it do not', async (t) => {
  t.equal(seen('سال ۱۴۰۵ است', 'rtl'), 'تسا ۱۴۰۵ لاس');
  t.equal(seen('سال 1405 است', 'rtl'), 'تسا 1405 لاس');
});

t.test('a Persian name in an English line', async (t) => {
  t.equal(seen('by پزشک now', 'ltr'), 'by کشزپ now');
});

t.test('parentheses turn with the line', async (t) => {
  t.equal(seen('زمان (UTC)', 'rtl'), '(UTC) نامز');
});

t.test('an isolate keeps its own order, and is not seen', async (t) => {
  t.equal(seen('کد \u2068۹۹۹*****۱۲\u2069', 'rtl'), '۹۹۹*****۱۲ دک');
});

t.test('one script and one direction make one run', async (t) => {
  t.strictSame(
    visualRuns('abc', 'ltr').map(({ font }) => font),
    ['latin'],
  );
});
