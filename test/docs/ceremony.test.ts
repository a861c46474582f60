import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import t from 'tap';

import { ACT_SCHEMAS } from '../../ca/ceremony/act.ts';
import { parseAct } from '../../ca/ceremony/parse-act.ts';
import { blocksOf } from '../support/readme-blocks.ts';
import { MOHR } from '../support/start-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const document = readFileSync(new URL('../../docs/CEREMONY.md', import.meta.url), 'utf8');
const blocks = blocksOf(document);
const run = promisify(execFile);

/** Two machines and the medium that is carried between them, each a folder; `mohr` runs from its sources. */
function machines(t: { teardown(undo: () => void): void }) {
  const folder = temporaryFolder(t);
  for (const name of ['bin', 'offline', 'online', 'stick']) mkdirSync(join(folder, name));
  for (const name of ['offline', 'online']) symlinkSync(join(folder, 'stick'), join(folder, name, 'stick'));
  const command = [process.execPath, ...MOHR].map((part) => `'${part}'`).join(' ');
  writeFileSync(join(folder, 'bin', 'mohr'), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  const { PATH, HOME } = process.env;
  return { folder, env: { HOME, PATH: `${join(folder, 'bin')}${delimiter}${PATH}` } };
}

t.test('the commands of docs/CEREMONY.md lead from a root to the second generation', async (t) => {
  const { folder, env } = machines(t);
  for (const { text } of blocks.filter(({ info }) => info === 'sh')) {
    const machine = /^# (offline|online)\n/.exec(text)?.[1];
    if (!machine) throw new Error(`whose commands are these? ${text}`);
    await run('bash', ['-euo', 'pipefail', '-c', text], { cwd: join(folder, machine), env });
  }
  const written = (machine: string) =>
    readdirSync(join(folder, machine, 'out')).filter((name) => !name.includes('transcript'));
  t.strictSame(written('offline').sort(), ['bronze-g2.pem', 'bronze.pem', 'root-1.crl', 'root.pem']);
  t.strictSame(written('online').sort(), ['bronze-g2.request.pem', 'bronze.request.pem']);
  const rootKeys = readdirSync(join(folder, 'offline', 'keys')).sort();
  t.strictSame(rootKeys, ['ceremony.key', 'root.key'], 'the root stays offline');
  t.notOk(readdirSync(join(folder, 'online', 'data', 'keys')).includes('root.key'));
});

t.test('the reviewed files of docs/CEREMONY.md are acts', async (t) => {
  for (const { text } of blocks.filter(({ info }) => info === 'yaml')) t.ok(parseAct(text, 'CEREMONY.md'));
  for (const name of Object.keys(ACT_SCHEMAS)) t.match(document, `| \`${name}\` |`, 'each act has its row');
});
