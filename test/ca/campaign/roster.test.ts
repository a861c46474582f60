import t from 'tap';

import { readRoster } from '../../../ca/campaign/roster.ts';
import type { RosterForm, RosterRow } from '../../../ca/campaign/roster.ts';

async function read(text: string, form: RosterForm) {
  const rows: RosterRow[] = [];
  async function* chunks() {
    for (let at = 0; at < text.length; at += 5) yield text.slice(at, at + 5);
  }
  for await (const row of readRoster(chunks(), form)) rows.push(row);
  return rows.map((row) => (row.fault ? [row.line, row.fault.code] : [row.line, row.values]));
}

const csv = { format: 'csv', required: ['id', 'request'] } as const;

t.test('gives each row of a CSV file by the names of its header', async (t) => {
  t.same(await read('ID, request\n1,a\n2\n3,c\n', csv), [
    [2, { id: '1', request: 'a' }],
    [3, 'row-malformed'],
    [4, { id: '3', request: 'c' }],
  ]);
});

t.test('refuses a header that lacks a column or names one twice, and an empty file', async (t) => {
  for (const text of ['id\n1\n', 'id,request,id\n1,2,3\n', ''])
    await t.rejects(read(text, csv), { code: 'roster-header' });
});

t.test('gives each line of an NDJSON file, the wrong ones as faults', async (t) => {
  const text = '\ufeff{"id":"1"}\n\nnot json\n[1]\n{"id":1}\n{"id":"6"}';
  t.same(await read(text, { format: 'ndjson', required: [] }), [
    [1, { id: '1' }],
    [3, 'row-malformed'],
    [4, 'row-malformed'],
    [5, 'row-malformed'],
    [6, { id: '6' }],
  ]);
});
