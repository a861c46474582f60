import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { openDatabase } from '../../cli/open-database.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { encodePem } from '../../pki/pem.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { MOHR } from '../support/start-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

// The commands as an operator calls them, on the data directory of a service that was stopped.

const dataDirectory = temporaryFolder(t);
const opened = await openDatabase({ dataDirectory });
const service = await openTestService({ opened, dataDirectory });
const { rawPayload: bronze } = await service.app.inject('/ca/bronze.cer');
await service.close();
await opened.close();

const keyFile = join(dataDirectory, 'leaked.pem');
const signer = memorySigner();
writeFileSync(keyFile, encodePem('PUBLIC KEY', signer.subjectPublicKeyInfo));
const bronzeFile = join(dataDirectory, 'bronze.cer');
writeFileSync(bronzeFile, bronze);

t.test('keys list says who uses which key', async (t) => {
  const { status, stdout } = mohr('keys', 'list', '--json');
  t.equal(status, 0);
  const keys = JSON.parse(stdout) as { reference: string; keyType: string; uses: { role: string }[] }[];
  t.strictSame(
    keys.map(({ keyType, uses }) => [keyType, ...uses.map(({ role }) => role)]),
    [
      ['p-256', 'authority'],
      ['p-256', 'authority'],
      ['p-256', 'ocsp-responder'],
      ['p-256', 'ocsp-responder'],
    ],
  );
  const text = mohr('keys', 'list').stdout;
  t.match(text, /^file:bronze-[0-9a-f]{8}\.key \(p-256\)\n {2}authority bronze, until \d{4}/m);
});

t.test('keys block takes a file and says what it hit', async (t) => {
  const blocked = mohr('keys', 'block', keyFile, '--reason', 'found in a public repository');
  t.match(blocked, { status: 0, stdout: /is blocked\n {2}no certificate was issued for it/ });
  const hex = digest('sha256', signer.subjectPublicKeyInfo).toString('hex');
  const again = mohr('keys', 'block', hex, '--reason', 'once more');
  t.match(again, { status: 0, stdout: `key ${hex} was blocked before` });
});

t.test('keys bench measures a key beside openssl', async (t) => {
  const [{ reference }] = JSON.parse(mohr('keys', 'list', '--json').stdout) as { reference: string }[];
  const { status, stdout } = mohr('keys', 'bench', '--reference', reference, '--json');
  t.equal(status, 0);
  t.match(JSON.parse(stdout), {
    bench: 'keys',
    figures: [{ id: `keys.${reference}`, unit: 'signatures/s', peer: { name: 'openssl speed' } }],
  });
});

t.test('what is called wrongly exits with 2 and says how to call it', async (t) => {
  const calls = [
    ['keys'],
    ['keys', 'forget'],
    ['keys', 'toString'],
    ['keys', 'list', 'everything'],
    ['keys', 'block', keyFile],
    ['keys', 'block', '--reason', 'x'],
    ['keys', 'bench', '--reference'],
    ['lint'],
    ['lint', bronzeFile, '--isuer', bronzeFile],
  ];
  for (const call of calls) t.match(mohr(...call), { status: 2, stderr: /^mohr (keys|lint) / }, call.join(' '));
});

t.test('what cannot be read is a refusal, not a crash', async (t) => {
  const refusals: [call: string[], code: string][] = [
    [['keys', 'block', join(dataDirectory, 'gone.pem'), '--reason', 'x'], 'input-unreadable'],
    [['keys', 'block', dataDirectory, '--reason', 'x'], 'input-unreadable'],
    [['keys', 'bench', '--reference', 'file:gone.key'], 'secret-file-unreadable'],
    [['lint', keyFile], 'lint-input-unknown'],
    [['lint', bronzeFile, '--issuer', keyFile], 'lint-issuer-unknown'],
  ];
  for (const [call, code] of refusals) t.match(mohr(...call), { status: 1, stderr: `[${code}]` }, code);
});

t.test('lint exits with 0 for what is right and with 1 for what is not', async (t) => {
  const right = mohr('lint', bronzeFile);
  t.equal(right.status, 0, right.stdout);
  t.match(right.stdout, /^certificate .*Bronze CA[\s\S]*\d+ rules passed, \d+ not applicable\n$/);

  // The same certificate with another issuer than it names.
  const json = mohr('lint', bronzeFile, '--issuer', bronzeFile, '--json');
  t.equal(json.status, 1);
  const [{ kind, reports }] = JSON.parse(json.stdout) as { kind: string; reports: { result: unknown }[] }[];
  t.equal(kind, 'certificate');
  t.ok(reports.some(({ result }) => (result as { severity?: string }).severity === 'error'));
});

function mohr(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, MOHR_DATA_DIR: dataDirectory };
  return spawnSync(process.execPath, [...MOHR, ...args], { env, encoding: 'utf8' });
}
