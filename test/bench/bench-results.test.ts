import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { AIMS, factorOf } from '../../bench/suite/aims.ts';
import { writeMarkedFigures } from '../../bench/suite/figure-marks.ts';
import { numberText, sizeText } from '../../bench/suite/number-text.ts';
import { linearAxis, logAxis } from '../../bench/suite/plots/axis.ts';
import { plotsOf } from '../../bench/suite/plots/plots.ts';
import { element } from '../../bench/suite/plots/svg.ts';
import { writeResults } from '../../bench/suite/results-text.ts';
import type { SuiteResult } from '../../bench/suite/suite-result.ts';
import { SUITE_BENCHES } from '../../bench/suite/suite-result.ts';
import type { BenchFigure } from '../../bench/report.ts';
import { benchAll } from '../../cli/bench/all.ts';
import { benchResults } from '../../cli/bench/results.ts';
import { PACKAGE_ROOT } from '../../cli/package-root.ts';
import { parseXml } from '../../formats/xml/parse-xml.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const page = (...names: string[]) =>
  `before\n${names.map((name) => `<!-- measured: ${name} -->\nold\n<!-- /measured -->\n`).join('between\n')}after\n`;

const figures: BenchFigure[] = [
  {
    id: 'ocsp.prepared_post',
    value: 81_234.5,
    unit: 'answers/s',
    peer: { name: 'node:http', value: 9e4 },
    ratio: 0.8,
  },
  { id: 'crl.full_1k', value: 0.01, unit: 's', curve: { id: 'crl.full', size: 1_000 } },
  { id: 'crl.full_1m', value: 0.25, unit: 's', curve: { id: 'crl.full', size: 1_000_000 } },
];

const run: SuiteResult = {
  startedAt: '2026-11-27T06:00:00.000Z',
  seconds: 300,
  isQuick: false,
  machine: { processor: '2 × <any> & other' },
  isQuiet: false,
  benches: [
    {
      name: 'crl',
      seconds: 30,
      busyBefore: 0.25,
      report: { bench: 'crl', conditions: { runs: 5 }, figures },
    },
    { name: 'scale', seconds: 4, busyBefore: 0, fault: 'no PostgreSQL' },
  ],
};

t.test('writes what was measured between the marks, and nothing else', async (t) => {
  const text = writeResults(page('summary', 'crl', 'scale'), run, plotsOf(run));
  t.match(text, /^before\n<!-- measured: summary -->/);
  t.match(text, /between\n/);
  t.match(text, /after\n$/);
  t.notMatch(text, /\nold\n/);
  t.match(text, '| `ocsp.prepared_post` | 81,235 answers/s | node:http 90,000 | 0.8 | ≥ 0.9, missed |');
  t.match(text, '| `crl.full_1m` | 0.25 s |  |  | ≤ 0.5 s |');
  t.match(text, '1 of 2 aims are met.');
  t.match(text, 'other work had 25 % of it');
  t.match(text, 'It failed after 4 s: no PostgreSQL');
  t.match(text, /!\[.*from memory: 0.01, 0.25\]\(plots\/growth-crl-time.svg\)/);
  t.equal(writeResults(text, run, plotsOf(run)), text, 'twice is once');
  t.throws(() => writeResults(page('summary', 'crl'), run, []), /no place for scale/);
});

t.test('writes single figures into sentences', async (t) => {
  const text = 'A <!-- =crl.full_1m -->9<!-- = --> s, <!-- =ocsp.unknown -->7<!-- = -->/s.';
  t.equal(
    writeMarkedFigures(text, run),
    'A <!-- =crl.full_1m -->0.25<!-- = --> s, <!-- =ocsp.unknown -->7<!-- = -->/s.',
  );
});

t.test('draws pictures that are well-formed and say in words what they show', async (t) => {
  const plots = plotsOf(run);
  t.same(
    plots.map(({ name }) => name),
    ['aims', 'peers', 'growth-crl-time'],
  );
  for (const { name, svg } of plots) {
    t.match(parseXml(Buffer.from(svg)), Object, name);
    t.notMatch(svg, /NaN|undefined|Infinity/, name);
    t.match(svg, 'prefers-color-scheme:dark', name);
  }
  t.match(plots[1].svg, '0.8 × node:http (missed)');
  t.equal(element('text', { a: '"<' }, 'a & b < c'), '<text a="&quot;&lt;">a &amp; b &lt; c</text>');
  t.same(plotsOf({ ...run, benches: [] }), []);
});

t.test('places values on axes', async (t) => {
  t.same(linearAxis(86_000, [100, 0]).ticks, [0, 20_000, 40_000, 60_000, 80_000, 100_000]);
  t.equal(linearAxis(10, [100, 0]).at(0), 100);
  t.same(logAxis([0.3, 20], [0, 300]).ticks, [0.1, 1, 10, 100]);
  t.equal(Math.round(logAxis([0.3, 20], [0, 300]).at(1)), 100);
  t.same([sizeText(500), sizeText(10_000), sizeText(1_000_000)], ['500', '10k', '1M']);
  t.same([numberText(0.338), numberText(1234.5), numberText(NaN)], ['0.338', '1,235', '–']);
});

t.test('an aim is a bound of a value or of a ratio', async (t) => {
  for (const aim of AIMS) t.ok((aim.atLeast === undefined) !== (aim.atMost === undefined), aim.id);
  const [ratio, value] = [AIMS[0], AIMS.find(({ id }) => id === 'crl.full_1m')!];
  t.equal(factorOf(ratio, { ...figures[0], ratio: 1.8 }), 2);
  t.equal(factorOf(value, figures[2]), 2);
  t.ok(Number.isNaN(factorOf(ratio, figures[2])));
});

t.test('the pages of the repository are those of its run', async (t) => {
  const read = (...path: string[]) => readFileSync(join(PACKAGE_ROOT, ...path), 'utf8');
  const result = JSON.parse(read('bench', 'results.json')) as SuiteResult;
  const known: readonly string[] = SUITE_BENCHES;
  for (const { name, report } of result.benches) t.ok(known.includes(name) && report?.figures.length, name);
  t.notOk(result.isQuick);
  const plots = plotsOf(result);
  t.equal(read('bench', 'RESULTS.md'), writeResults(read('bench', 'RESULTS.md'), result, plots));
  t.equal(read('docs', 'CAPACITY.md'), writeMarkedFigures(read('docs', 'CAPACITY.md'), result));
  t.same(
    readdirSync(join(PACKAGE_ROOT, 'bench', 'plots')).sort(),
    plots.map(({ name }) => `${name}.svg`).sort(),
  );
  for (const { name, svg } of plots) t.equal(read('bench', 'plots', `${name}.svg`), svg, name);
});

t.test('a command writes them, and one runs what they are made of', async (t) => {
  const root = temporaryFolder(t);
  for (const folder of ['bench', 'docs']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'bench/RESULTS.md'), page('summary', ...SUITE_BENCHES));
  writeFileSync(join(root, 'docs/CAPACITY.md'), '<!-- =keys.p-256 -->1<!-- = -->\n');
  const out = join(root, 'bench/results.json');
  t.equal(await benchAll(['--quick', '--only', 'keys', '--out', out]), 0);
  const result = JSON.parse(readFileSync(out, 'utf8')) as SuiteResult;
  t.match(result, {
    isQuick: true,
    machine: { node: process.versions.node },
    benches: [{ name: 'keys', seconds: Number, busyBefore: Number, report: { bench: 'keys' } }],
  });
  t.equal(await benchResults(['--root', root]), 0);
  t.match(readFileSync(join(root, 'bench/RESULTS.md'), 'utf8'), /A trial with small sizes.*`keys\.p-256`/s);
  t.ok(readdirSync(join(root, 'bench/plots')).includes('peers.svg'));
  await t.rejects(benchAll(['--only', 'none']), { code: 'usage' });
  await t.rejects(benchAll(['--unknown']), { code: 'usage' });
  await t.rejects(benchResults(['--unknown']), { code: 'usage' });
});
