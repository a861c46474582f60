import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { rootWarning } from '../../cli/warn-of-root.ts';

const FOLDER = fileURLToPath(new URL('../../docs/deployment/', import.meta.url));
const operations = readFileSync(new URL('../../docs/OPERATIONS.md', import.meta.url), 'utf8');
const units = readdirSync(FOLDER).filter((name) => name.endsWith('.service'));

t.test('each unit is as little exposed as the page says', async (t) => {
  t.strictSame(units, [
    'mohr-ca.service',
    'mohr-ocsp.service',
    'mohr-ra.service',
    'mohr-tsa.service',
    'mohr.service',
  ]);
  for (const unit of units) {
    const row = operations.split('\n').find((line) => line.startsWith(`| [${unit}]`)) ?? '';
    const written = Number(row.split('|').at(-2));
    const { stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', `--threshold=${written * 10}`, FOLDER + unit],
      { encoding: 'utf8' },
    );
    const measured = Number(/exposure level for \S+: ([0-9.]+)/.exec(stdout)?.[1]);
    t.ok(measured <= written, `${unit}: ${measured}, written ${written} ${stderr}`);
  }
});

t.test('no unit has a secret in its text', async (t) => {
  for (const unit of units) {
    const text = readFileSync(FOLDER + unit, 'utf8');
    t.match(text, /^User=mohr/m, unit);
    t.notMatch(text, /^User=root/m, unit);
    t.notMatch(text, /:\/\/[^@\s/]*:[^@\s]*@|EnvironmentFile=/, unit);
  }
});

t.test('the last stage of the image has no root, no compiler and a health check', async (t) => {
  const text = readFileSync(`${FOLDER}Containerfile`, 'utf8');
  const last = text.slice(text.lastIndexOf('\nFROM '));
  t.match(last, /^USER 10001:10001$/m);
  t.match(last, /^HEALTHCHECK .*\/health/m);
  t.notMatch(last, /apt-get|npm (ci|install)|g\+\+/);
  t.ok(last.indexOf('USER 10001') > last.lastIndexOf('RUN '), 'nothing runs as root after it');
  // What is copied is what the package has.
  const { files } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    files: string[];
  };
  // The image has the packages themselves, and needs no list of them.
  for (const file of files.filter((name) => !name.startsWith('!') && name !== 'npm-shrinkwrap.json'))
    t.ok(last.includes(`/build/${file} `), file);
});

t.test('root is warned of where a deployment has a server', async (t) => {
  const databaseUrl = 'postgresql://db/mohr';
  t.match(rootWarning({ databaseUrl }, 0), /RUNS AS ROOT/);
  t.equal(rootWarning({ databaseUrl }, 1000), undefined);
  t.equal(rootWarning({}, 0), undefined, 'an evaluation');
});
