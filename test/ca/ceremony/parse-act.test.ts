import t from 'tap';
import type { Test } from 'tap';

import { parseAct } from '../../../ca/ceremony/parse-act.ts';

const SHA256 = 'ab'.repeat(32);

const common = `
date: 2026-06-15
title: Health root
witnesses: [First Witness, Second Witness]
output: out
`;

const rootCrl = `act: root-crl
${common}
keyStore: { folder: keys, passphrase: { prompt: true } }
issuer: { id: root, certificate: { path: root.pem, sha256: ${SHA256} }, key: 'file:root.key' }
crlNumber: 2
previous: { path: root-1.crl, sha256: ${SHA256} }
validity: P1Y
revoke:
  - { serialNumber: '4101', revokedAt: 2026-06-14T00:00:00Z, reason: superseded }
`;

t.test('reads a whole act', async (t) => {
  const act = parseAct(rootCrl, 'crl.yaml');
  t.match(act, { act: 'root-crl', crlNumber: 2, revoke: [{ serialNumber: '4101' }], date: '2026-06-15' });
});

const refuses = (t: Test, name: string, from: string | RegExp, to: string, fault: RegExp) =>
  t.test(`refuses ${name}`, async (t) => {
    const text = rootCrl.replace(from, to);
    t.not(text, rootCrl, 'the fixture was changed');
    t.throws(() => parseAct(text, 'crl.yaml'), { code: 'act-malformed', detail: fault });
  });

t.test('a reviewed file says exactly what an act needs', async (t) => {
  await refuses(t, 'what is not YAML', 'witnesses: [', 'witnesses: [[', /crl\.yaml: not YAML/);
  await refuses(
    t,
    'an act that nobody knows',
    'act: root-crl',
    'act: sign-anything',
    /act is none of make-root/,
  );
  await refuses(t, 'no act', 'act: root-crl', '', /act is none of/);
  await refuses(t, 'a name that stands nowhere', 'title:', 'titel:', /title/);
  await refuses(t, 'one witness', ', Second Witness', '', /witnesses/);
  await refuses(t, 'the same witness twice', 'Second', 'First', /witnesses/);
  await refuses(t, 'a day that does not exist', '2026-06-15', '2026-02-31', /date is no day/);
  await refuses(t, 'a file without its digest', `, sha256: ${SHA256} }, key`, ' }, key', /certificate/);
  await refuses(t, 'a digest of another length', SHA256, SHA256.slice(2), /sha256/);
  await refuses(t, 'a passphrase written down here', '{ prompt: true }', 'secret', /passphrase/);
  await refuses(
    t,
    'a folder of keys without a passphrase',
    ', passphrase: { prompt: true }',
    '',
    /passphrase/,
  );
  await refuses(t, 'no folder and no transcript key', 'folder: keys, ', '', /transcriptKey/);
  await refuses(t, 'a key reference to another folder', 'file:root.key', 'file:../root.key', /key/);
  await refuses(t, 'a term that is no duration', 'P1Y', 'P1YEAR', /validity is no duration/);
  await refuses(t, 'number 2 without number 1', /previous: .*/, '', /previous/);
  await refuses(t, 'number 1 with a predecessor', 'crlNumber: 2', 'crlNumber: 1', /previous/);
  await refuses(t, 'an instant that does not exist', '2026-06-14T00', '2026-06-31T00', /instant/);
  await refuses(t, 'a reason that an offline CA has not', 'superseded', 'certificateHold', /reason/);
  await refuses(t, 'a serial number in decimals', "'4101'", '4101', /serialNumber/);
});
