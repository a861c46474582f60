import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { checkArchitecture, type Sources } from './support/check-architecture.ts';
import { house } from './support/house.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What npm and the build put into web/. */
const NO_SOURCES = ['node_modules', 'dist'];

t.test('every import keeps to the direction, the owners and the types that the house allows', (t) => {
  const sources = readSources(Object.keys(house.folders));
  t.ok(sources.size > 10, 'the walk finds the sources');
  t.strictSame(checkArchitecture(house, sources), []);
  t.end();
});

t.test('every top-level folder is one of the house', (t) => {
  const known = [...Object.keys(house.folders), ...house.withoutCode, ...ignoredFolders(), '.git'];
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  t.strictSame(
    folders.map((entry) => entry.name).filter((name) => !known.includes(name)),
    [],
  );
  t.end();
});

const breaking: [name: string, kind: string, files: Record<string, string>][] = [
  ['core importing pki', 'direction', { 'core/a.ts': "import '../pki/b.ts';", 'pki/b.ts': '' }],
  ['ca importing ra', 'direction', { 'ca/a.ts': "import type { B } from '../ra/b.ts';", 'ra/b.ts': '' }],
  ['ra re-exporting ca', 'direction', { 'ra/a.ts': "export * from '../ca/b.ts';", 'ca/b.ts': '' }],
  ['ocsp importing db on demand', 'direction', { 'ocsp/a.ts': "void import('../db/b.ts');", 'db/b.ts': '' }],
  [
    'an import() type of api',
    'direction',
    { 'ca/a.ts': "type A = import('../api/b.ts').B;", 'api/b.ts': '' },
  ],
  ['ca importing a key adapter', 'direction', { 'ca/a.ts': "import '../keys/b.ts';", 'keys/b.ts': '' }],
  ['api importing db', 'direction', { 'api/a.ts': "import '../db/b.ts';", 'db/b.ts': '' }],
  ['cli importing a test', 'direction', { 'cli/a.ts': "import '../test/b.ts';", 'test/b.ts': '' }],
  [
    'db importing a value from ca',
    'types-only',
    { 'db/a.ts': "import { b } from '../ca/b.ts';", 'ca/b.ts': '' },
  ],
  [
    'db importing an inline type',
    'types-only',
    { 'db/a.ts': "import { type B } from '../ca/b.ts';", 'ca/b.ts': '' },
  ],
  ['pg outside db', 'package', { 'ra/a.ts': "import pg from 'pg';" }],
  ['a Fastify plugin outside api', 'package', { 'ocsp/a.ts': "import type { C } from '@fastify/cookie';" }],
  ['a package that nobody owns', 'package', { 'cli/a.ts': "import 'left-pad';" }],
  ['a computed import', 'package', { 'cli/a.ts': 'void import(process.argv[2]);' }],
  ['pki reading a file', 'builtin', { 'pki/a.ts': "import { readFileSync } from 'node:fs';" }],
  ['an import of nothing', 'missing', { 'core/a.ts': "import './gone.ts';" }],
  ['two files in a circle', 'circle', { 'core/a.ts': "import './b.ts';", 'core/b.ts': "import './a.ts';" }],
  [
    'a circle of types through three files',
    'circle',
    {
      'core/a.ts': "import type { B } from './b.ts';",
      'core/b.ts': "export type { C } from './c.ts';",
      'core/c.ts': "import type { A } from './a.ts';",
    },
  ],
  ['a folder outside the house', 'folder', { 'utils/a.ts': '' }],
];

for (const [name, kind, files] of breaking) {
  t.test(`the check refuses ${name}`, (t) => {
    const breaches = checkArchitecture(house, new Map(Object.entries(files)));
    t.strictSame(
      breaches.map((breach) => breach.kind),
      [kind],
    );
    t.end();
  });
}

t.test('the check lets the allowed imports pass', (t) => {
  const files = {
    'core/a.ts': "import { createHash } from 'node:crypto';",
    'pki/a.ts': "import '../core/a.ts';",
    'keys/signer.ts': "import type { A } from '../pki/a.ts';",
    'ca/store.ts':
      "import type { Signer } from '../keys/signer.ts'; import { readFile } from 'node:fs/promises';",
    'db/store.ts': "import pg from 'pg'; import type { Store } from '../ca/store.ts'; import '../core/a.ts';",
    'api/a.ts': "import fastify from 'fastify'; import '../ca/store.ts';",
    'cli/a.ts': "import '../api/a.ts'; import '../db/store.ts'; import { p } from 'pino';",
    'test/a.ts': "import '../cli/a.ts'; import './b.ts'; import pg from 'pg';",
    'test/b.ts': '',
  };
  t.strictSame(checkArchitecture(house, new Map(Object.entries(files))), []);
  t.end();
});

function readSources(folders: string[]): Sources {
  const sources: Sources = new Map();
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      if (NO_SOURCES.includes(entry.name)) continue;
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory()) walk(child);
      else if (/\.tsx?$/.test(entry.name)) sources.set(child, readFileSync(join(root, child), 'utf8'));
    }
  };
  const present = new Set(readdirSync(root));
  for (const folder of folders) if (present.has(folder)) walk(folder);
  return sources;
}

function ignoredFolders(): string[] {
  const lines = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
  return lines.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1));
}
