import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { SETTINGS } from '../../cli/settings.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { blocksOf, comparable, readme, stepsOf } from '../support/readme-blocks.ts';
import { runShell } from '../support/run-demo.ts';
import { startMohr } from '../support/start-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Where the README's service listens; the tests' own listens elsewhere. */
const README_URL = 'http://127.0.0.1:8080';

t.test('the tour prints what the README shows', async (t) => {
  const folder = temporaryFolder(t);
  const log = join(folder, 'mohr.log');
  const url = await startMohr(t, { log, variables: { MOHR_DATA_DIR: join(folder, 'data') } });
  const asInReadme = (text: string) =>
    text
      .replaceAll(url, README_URL)
      .replaceAll(new URL(url).host, '127.0.0.1:8080')
      .replaceAll(`localhost:${new URL(url).port}`, 'localhost:8080');

  const banner = blocksOf(readme).find(({ info }) => info === 'text banner');
  t.equal(comparable(asInReadme(readFileSync(log, 'utf8'))), comparable(banner?.text ?? ''), 'the banner');

  const steps = stepsOf(readme);
  t.ok(steps.length > 8, 'the steps are found');
  // One shell for all, as for a reader; a line of marks tells where the output of one block ends.
  const mark = '@@ next block';
  const script = steps
    .map(({ commands }) => `${commands.replaceAll(README_URL, url)}\necho '${mark}'\n`)
    .join('');
  // In the test's own folder too lies what the tour makes with mktemp.
  const { status, stdout } = await runShell(['-e', '-c', `export TMPDIR=$PWD; exec 2>&1\n${script}`], folder);
  const outputs = asInReadme(stdout).split(`${mark}\n`);
  for (const [index, { commands, output }] of steps.entries())
    t.equal(
      comparable(outputs[index] ?? ''),
      comparable(output),
      `the block of ${commands.split('\n', 1)[0]}`,
    );
  t.equal(status, 0, 'no command failed', { rest: outputs.at(-1) });
});

t.test('a PostgreSQL of your own takes the place of the embedded one', async (t) => {
  const folder = temporaryFolder(t);
  const log = join(folder, 'mohr.log');
  const variables = { DATABASE_URL: (await createTestDatabase(t)).url, MOHR_DATA_DIR: join(folder, 'data') };
  const url = await startMohr(t, { log, variables });
  t.match(readFileSync(log, 'utf8'), /^ +database +PostgreSQL$/m);
  const response = await fetch(`${url}/ready`);
  t.strictSame(await response.json(), { ready: true, checks: { database: 'ok', ocsp: 'ok' } });
});

t.test('the table of settings is that of the service', async (t) => {
  for (const { flag, variable, fallback, meaning } of Object.values(SETTINGS)) {
    const row = `| \`${variable}\` | \`--${flag}\` | \`${fallback}\` | ${meaning} |`;
    t.ok(readme.includes(row), row);
  }
});
