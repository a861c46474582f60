import { readFileSync } from 'node:fs';

import t from 'tap';

import { LINTS_FILE, lintsDocument } from '../support/lints-document.ts';

t.test('docs/LINTS.md is what the rules say; after a change: npm run docs', async (t) => {
  t.equal(readFileSync(LINTS_FILE, 'utf8'), lintsDocument());
  t.notMatch(lintsDocument(), /\| +\|/, 'each rule says what it asks');
});
