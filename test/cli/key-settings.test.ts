import { resolve } from 'node:path';

import t from 'tap';

import { readSettings } from '../../cli/settings.ts';

const TOKEN = 'pkcs11:token=Health%20CA?module-path=/usr/lib/p11.so&pin-source=file:/run/pin';

const accepted: [name: string, args: string[], environment: Record<string, string>, settings: object][] = [
  ['nothing', [], {}, { keys: 'file', allowSlowKeys: false }],
  ['a token by flag', ['--keys', TOKEN], {}, { keys: TOKEN }],
  ['a token by variable', [], { MOHR_KEYS: TOKEN }, { keys: TOKEN }],
  [
    'a passphrase file, made absolute',
    ['--key-passphrase-file', 'secret'],
    {},
    { keyPassphraseFile: resolve('secret') },
  ],
  ['a prompt for the passphrase', ['--key-passphrase-prompt'], {}, { keyPassphrasePrompt: true }],
  ['the credentials of systemd', [], { CREDENTIALS_DIRECTORY: '/run/c' }, { credentialsDirectory: '/run/c' }],
  ['a peak', ['--ocsp-peak', '5000'], { MOHR_OCSP_PEAK: '1' }, { ocspPeak: 5000 }],
  ['the least peak', [], { MOHR_OCSP_PEAK: '1' }, { ocspPeak: 1 }],
  ['slow keys by a flag without value', ['--allow-slow-keys', '--port', '9090'], {}, { allowSlowKeys: true }],
  ['slow keys by variable', [], { MOHR_ALLOW_SLOW_KEYS: 'yes' }, { allowSlowKeys: true }],
  [
    'the flag over the variable',
    ['--allow-slow-keys=no'],
    { MOHR_ALLOW_SLOW_KEYS: 'yes' },
    { allowSlowKeys: false },
  ],
];

for (const [name, args, environment, settings] of accepted) {
  t.test(`reads ${name}`, async (t) => {
    const outcome = readSettings(args, environment);
    t.equal(outcome.faults, undefined);
    if (!outcome.faults) t.match(outcome.settings, settings);
  });
}

const refused: [name: string, args: string[], fault: RegExp][] = [
  ['another place for keys', ['--keys', 'cloud'], /MOHR_KEYS \(--keys\): expected `file` or a pkcs11: URI/],
  ['a token without its module', ['--keys', 'pkcs11:token=x'], /--keys\).*module-path/],
  ['a key in place of a token', ['--keys', TOKEN.replace('?', ';object=a?')], /names a key/],
  ['any token that is there', ['--keys', 'pkcs11:?module-path=/usr/lib/p11.so'], /names no token/],
  ['a peak of none', ['--ocsp-peak', '0'], /MOHR_OCSP_PEAK \(--ocsp-peak\): "0"/],
  ['a peak that is no number', ['--ocsp-peak', 'many'], /"many" is not a number/],
  ['a peak beyond all keys', ['--ocsp-peak', '10000001'], /expected 1 to 10000000/],
  ['neither yes nor no', ['--allow-slow-keys=perhaps'], /"perhaps", expected yes or no/],
  ['a prompt beside a file', ['--key-passphrase-prompt', '--key-passphrase-file=x'], /given too/],
  ['a prompt that is neither', ['--key-passphrase-prompt=maybe'], /"maybe", expected yes or no/],
  [
    'a prompt from several workers',
    ['--key-passphrase-prompt', '--roles=ocsp', '--node-name=one', '--ocsp-workers=2'],
    /each of several OCSP workers would ask/,
  ],
  ['a passphrase file without a name', ['--key-passphrase-file'], /--key-passphrase-file: needs a value/],
];

for (const [name, args, fault] of refused) {
  t.test(`refuses ${name}`, async (t) => {
    const { faults = [] } = readSettings(args, {});
    t.equal(faults.length, 1);
    t.match(faults[0], fault);
  });
}

t.test('a PIN in the URI is refused and not repeated', async (t) => {
  const { faults = [] } = readSettings(['--keys', 'pkcs11:token=x?module-path=/m.so&pin-value=12345678'], {});
  t.match(faults[0], /pin-value/);
  t.notMatch(faults[0], '12345678');
});

t.test('no variable holds a passphrase', async (t) => {
  const outcome = readSettings([], { MOHR_KEY_PASSPHRASE: 'open sesame' });
  t.notMatch(JSON.stringify(outcome), 'sesame');
});
