import t from 'tap';

import { CsvReader, RECORD_CHARACTERS_MAX } from '../../../ca/campaign/csv-reader.ts';

function read(text: string, pieceLength = text.length) {
  const reader = new CsvReader();
  const records = [];
  for (let at = 0; at < text.length; at += pieceLength)
    records.push(...reader.push(text.slice(at, at + pieceLength)));
  return [...records, ...reader.end()];
}

t.test(
  'reads quotes, line breaks inside them, CRLF and a byte order mark, in pieces of any size',
  async (t) => {
    const text = '\ufeffa,b\r\n"x ""y""","1\n2"\n\n،,z';
    const expected = [
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['x "y"', '1\n2'] },
      { line: 5, fields: ['،', 'z'] },
    ];
    for (const length of [1, 2, 3, 7, text.length]) t.same(read(text, length), expected);
  },
);

t.test('takes semicolons where the first line has them and no comma', async (t) => {
  t.same(read('a;b\n1,5;2\n'), [
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1,5', '2'] },
  ]);
});

t.test('reports a wrong record once and goes on at the next line', async (t) => {
  t.same(read('a,b\n"x"y,z\nc,d\n'), [
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fault: 'row-malformed' },
    { line: 3, fields: ['c', 'd'] },
  ]);
  t.same(read('a\n"open'), [
    { line: 1, fields: ['a'] },
    { line: 2, fault: 'row-malformed' },
  ]);
});

t.test('reports a record that is too long, and not one of the greatest length', async (t) => {
  const greatest = 'x'.repeat(RECORD_CHARACTERS_MAX - 1);
  t.equal(read(`a\n${greatest}\nb\n`)[1].fields?.[0], greatest);
  t.same(read(`a\n${greatest}xx\nb\n`).slice(1), [
    { line: 2, fault: 'row-too-long' },
    { line: 3, fields: ['b'] },
  ]);
  t.same(read(`a\n"${greatest}\n\n\nb\n`).slice(1, 2), [{ line: 2, fault: 'row-too-long' }]);
});
