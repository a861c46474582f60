import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import t from 'tap';

import { SETTINGS, readSettings } from '../../cli/settings.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DEFAULTS = {
  host: '127.0.0.1',
  port: 8080,
  publicUrl: 'http://127.0.0.1:8080',
  dataDirectory: resolve('data'),
  logLevel: 'warn',
};

const accepted: [name: string, args: string[], environment: Record<string, string>, settings: object][] = [
  ['nothing', [], {}, DEFAULTS],
  [
    'variables that are empty',
    [],
    { MOHR_PORT: '', DATABASE_URL: '' },
    { ...DEFAULTS, databaseUrl: undefined },
  ],
  [
    'variables',
    [],
    {
      MOHR_HOST: '::1',
      MOHR_PORT: '9090',
      MOHR_PUBLIC_URL: 'http://pki.example.ir/',
      MOHR_DATA_DIR: '/var/lib/mohr',
      DATABASE_URL: 'postgresql://mohr@db/mohr',
      MOHR_LOG_LEVEL: 'info',
    },
    {
      host: '::1',
      port: 9090,
      publicUrl: 'http://pki.example.ir',
      dataDirectory: '/var/lib/mohr',
      databaseUrl: 'postgresql://mohr@db/mohr',
      logLevel: 'info',
    },
  ],
  [
    'flags over variables',
    ['--port', '7070', '--data-dir=elsewhere', '--log-level', 'debug'],
    { MOHR_PORT: '9090', MOHR_DATA_DIR: '/var/lib/mohr', MOHR_LOG_LEVEL: 'info' },
    {
      port: 7070,
      publicUrl: 'http://127.0.0.1:7070',
      dataDirectory: resolve('elsewhere'),
      logLevel: 'debug',
    },
  ],
  ['a flag over a variable that is wrong', ['--port', '7070'], { MOHR_PORT: 'many' }, { port: 7070 }],
  ['an IPv6 address', ['--host', '::1'], {}, { publicUrl: 'http://[::1]:8080' }],
  ['the first port', ['--port', '1'], {}, { port: 1 }],
  ['the last port', ['--port', '65535'], {}, { port: 65535 }],
  [
    'a public address with a path',
    ['--public-url', 'http://pki.example.ir:8080/mohr//'],
    {},
    { publicUrl: 'http://pki.example.ir:8080/mohr' },
  ],
  [
    'a public address in Persian, as certificates can carry it',
    ['--public-url', 'http://مهر.example/گواهی'],
    {},
    { publicUrl: 'http://xn--wgb3bg.example/%DA%AF%D9%88%D8%A7%D9%87%DB%8C' },
  ],
  [
    'all addresses with a public one',
    ['--host', '0.0.0.0', '--public-url', 'http://pki.example.ir'],
    {},
    { host: '0.0.0.0' },
  ],
];

for (const [name, args, environment, settings] of accepted) {
  t.test(`reads ${name}`, async (t) => {
    const outcome = readSettings(args, environment);
    t.strictSame(outcome.faults, undefined);
    if (!outcome.faults) t.match(outcome.settings, settings);
  });
}

const refused: [name: string, args: string[], fault: RegExp][] = [
  [
    're-enrolment that is neither on nor off',
    ['--est-reenrolment=maybe'],
    /MOHR_EST_REENROLMENT .*neither yes nor no/,
  ],
  [
    'everybody as a proxy',
    ['--trusted-proxies', '0.0.0.0/0'],
    /MOHR_TRUSTED_PROXIES .*"0\.0\.0\.0\/0" is no address/,
  ],
  ['a proxy by name', ['--trusted-proxies', '10.0.0.1,proxy'], /"proxy" is no address or network/],
  [
    'a network that is none',
    ['--callback-networks', '10.0.0.0/33'],
    /MOHR_CALLBACK_NETWORKS .*"10\.0\.0\.0\/33"/,
  ],
  ['a port of none', ['--port', '0'], /^MOHR_PORT \(--port\): "0" is not a port, expected 1 to 65535$/],
  ['a port beyond all', ['--port', '65536'], /"65536" is not a port/],
  ['a port that is a text', ['--port', '80a'], /"80a" is not a port/],
  ['a port with a sign', ['--port=-1'], /"-1" is not a port/],
  ['a host that is none', ['--host', 'a b'], /^MOHR_HOST \(--host\): "a b" is not an address$/],
  [
    'all addresses without a public one',
    ['--host', '0.0.0.0'],
    /MOHR_PUBLIC_URL \(--public-url\): is needed/,
  ],
  ['all addresses of IPv6 without a public one', ['--host', '::'], /--public-url\): is needed/],
  ['a public address without a scheme', ['--public-url', 'pki.example.ir'], /is not a URL/],
  ['https', ['--public-url', 'https://pki.example.ir'], /is https, expected http/],
  ['a public address with a query', ['--public-url', 'http://a/?b'], /more than scheme, host, port and path/],
  ['a public address with a fragment', ['--public-url', 'http://a/#b'], /more than scheme/],
  ['a public address with a name', ['--public-url', 'http://a@b/'], /more than scheme/],
  [
    'a database of another make',
    ['--database-url', 'mysql://db'],
    /^DATABASE_URL \(--database-url\): not a postgres/,
  ],
  ['a log level that is none', ['--log-level', 'loud'], /"loud" is none of fatal, error/],
  ['a flag that is none', ['--prot', '1'], /--prot: no such flag/],
  ['a flag without a value', ['--port'], /--port: needs a value/],
  ['a flag with an empty value', ['--database-url', ''], /--database-url: needs a value/],
  ['an argument', ['now'], /"now": not expected here/],
  ['a revocation host in numbers', ['--revocation-hosts', 'crl.example,10.0.0.1'], /"10.0.0.1" is no name/],
];

for (const [name, args, fault] of refused) {
  t.test(`refuses ${name}`, async (t) => {
    const { faults = [] } = readSettings(args, {});
    t.match(faults[0], fault, faults.join('; '));
  });
}

t.test('each setting has a flag and a variable of its own, and a meaning', async (t) => {
  const rows = Object.values(SETTINGS);
  for (const key of ['flag', 'variable', 'meaning'] as const)
    t.equal(new Set(rows.map((row) => row[key])).size, rows.length, key);
});

t.test('a password in a database address that is wrong is not repeated', async (t) => {
  const { faults = [] } = readSettings(['--database-url', 'mysql://mohr:secret@db/mohr'], {});
  t.equal(faults.length, 1);
  t.notMatch(faults[0], 'secret');
});

t.test('the service says all that is wrong at once, does nothing, and exits with 2', async (t) => {
  const folder = temporaryFolder(t);
  const args = [
    'serve',
    '--port',
    '0',
    '--public-url',
    'https://a',
    '--data-dir',
    join(folder, 'data'),
    '--prot=1',
  ];
  const ended = await runMohr(args, { MOHR_HOST: 'a b', DATABASE_URL: 'mysql://db', MOHR_LOG_LEVEL: 'loud' });
  t.equal(ended.code, 2);
  t.equal(ended.stdout, '');
  for (const name of [
    'MOHR_HOST',
    'MOHR_PORT',
    'MOHR_PUBLIC_URL',
    'DATABASE_URL',
    'MOHR_LOG_LEVEL',
    '--prot',
  ])
    t.match(ended.stderr, name);
  t.notMatch(ended.stderr, /\n\s+at /, 'no stack');
  t.notOk(existsSync(join(folder, 'data')), 'nothing was made');
});
