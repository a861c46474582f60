import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { AGENT_SETTINGS } from '../../cli/card-agent/agent-settings.ts';
import { readReleaseKey, verifyRelease } from '../../cli/card-agent/package/release.ts';
import { parseCardTypes } from '../../keys/card/card-type.ts';
import { blocksOf } from '../support/readme-blocks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const document = read('docs/CARD-AGENT.md');
const blocks = blocksOf(document);

t.test('each setting has its row', async (t) => {
  for (const { flag, variable } of Object.values(AGENT_SETTINGS))
    t.match(document, `| \`--${flag}\` | \`${variable}\` |`);
});

t.test('each code is explained', async (t) => {
  for (const file of ['keys/card/card-error.ts', 'cli/card-agent/agent-error.ts']) {
    const codes = Array.from(read(file).matchAll(/^ {2}\| '([a-z-]+)'/gm), ([, code]) => code);
    t.ok(codes.length > 10);
    for (const code of codes) t.match(document, new RegExp(`\`${code}\`[,| ]`), code);
  }
});

t.test('the row of a card type is one, and each of its columns is explained', async (t) => {
  const [row] = parseCardTypes(blocks.find(({ info }) => info === 'json')!.text);
  for (const column of [...Object.keys(row), 'initialise']) t.match(document, `\`${column}\``, column);
});

t.test('what a publisher signs by the commands is an update', async (t) => {
  const folder = temporaryFolder(t);
  const name = 'mohr-0.2.0.tgz';
  writeFileSync(join(folder, name), 'a package');
  const { text } = blocks.find(({ info }) => info === 'sh')!;
  execFileSync('bash', ['-euo', 'pipefail', '-c', text], { cwd: folder, stdio: 'pipe' });
  const part = (ending: string) => readFileSync(join(folder, `${name}${ending}`));
  const parts = { package: part(''), statement: part('.release').toString(), signature: part('.sig') };
  const releaseKey = readReleaseKey(readFileSync(join(folder, 'release.pem'), 'utf8'));
  t.match(verifyRelease(parts, { releaseKey, running: '0.1.0' }), { version: '0.2.0' });
});
