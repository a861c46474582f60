import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import type { BenchReport } from '../../bench/report.ts';
import type { Output } from '../../cli/command-line.ts';
import { bench } from '../../cli/keys/bench.ts';
import { block } from '../../cli/keys/block.ts';
import { keys } from '../../cli/keys/keys.ts';
import { list } from '../../cli/keys/list.ts';
import { lint } from '../../cli/lint.ts';
import { openDatabase } from '../../cli/open-database.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { encodePem } from '../../pki/pem.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { MOHR } from '../support/start-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

// The commands on the data directory of a service that was stopped.

const dataDirectory = temporaryFolder(t);
const deployment = ['--data-dir', dataDirectory];
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

interface ListedKey {
  reference: string;
  keyType?: string;
  uses: { role: string }[];
}

t.test('keys list says who uses which key', async (t) => {
  writeFileSync(join(dataDirectory, 'keys', 'left-over.key'), '', { mode: 0o600 });
  const listed = JSON.parse((await called(list, ['--json', ...deployment])).printed) as ListedKey[];
  t.strictSame(
    listed.map(({ keyType, uses }) => [keyType, ...uses.map(({ role }) => role)]),
    [
      ['p-256', 'authority'],
      ['p-256', 'authority'],
      ['p-256', 'ocsp-responder'],
      ['p-256', 'ocsp-responder'],
      [undefined],
    ],
  );
  const { printed } = await called(list, deployment);
  t.match(printed, /^file:bronze-[0-9a-f]{8}\.key \(p-256\)\n {2}authority bronze, until \d{4}/m);
  t.match(printed, /^file:left-over\.key\n {2}used by no authority/m);
});

t.test('keys block takes a file or a fingerprint and says what it hit', async (t) => {
  const because = ['--reason', 'found in a public repository', ...deployment];
  const blocked = await called(block, [keyFile, ...because]);
  t.match(blocked, { code: 0, printed: /is blocked\n {2}no certificate was issued for it/ });
  const hex = digest('sha256', signer.subjectPublicKeyInfo).toString('hex');
  const again = await called(block, [hex.toUpperCase(), ...because]);
  t.match(again, { code: 0, printed: `key ${hex} was blocked before` });
  const authority = await called(block, [bronzeFile, ...because]);
  t.match(authority.printed, /the key of the authority bronze itself\n {2}certificate root\/.*: issued\n/);
});

t.test('keys bench measures the deployment’s keys beside openssl', async (t) => {
  const short = { seconds: 0.01, runs: 1 };
  const shortly = (args: string[], output: Output) => bench(args, output, short);
  const all = JSON.parse((await called(shortly, ['--json', ...deployment])).printed) as BenchReport;
  t.equal(all.figures.length, 4);
  const [figure] = all.figures;
  t.match(figure, { unit: 'signatures/s', peer: { name: 'openssl speed', value: Number }, ratio: Number });
  t.match(figure.id, /^keys\.file:bronze-[0-9a-f]{8}\.key$/);

  const one = ['--reference', figure.id.slice('keys.'.length), ...deployment];
  const { printed } = await called(shortly, one);
  t.match(printed, /^ {2}keys\.file:bronze-\S+ +\d+ signatures\/s +openssl speed \d+/m);

  t.equal((await called(shortly, ['--ocsp-peak=1', ...deployment])).code, 0, 'the responders hold this peak');
  t.equal((await called(shortly, ['--ocsp-peak=9999999', ...deployment])).code, 1, 'and not this one');
  const ofCa = ['--ocsp-peak=9999999', ...one];
  t.equal((await called(shortly, ofCa)).code, 0, 'a CA key answers nothing');
});

t.test('what is called wrongly exits with 2', async (t) => {
  const calls: [command: (args: string[]) => Promise<number>, args: string[]][] = [
    [keys, []],
    [keys, ['forget']],
    [keys, ['toString']],
    [keys, ['list', 'everything']],
    [keys, ['block', keyFile]],
    [keys, ['block', '--reason', 'x']],
    [keys, ['bench', '--reference']],
    [lint, []],
    [lint, [bronzeFile, '--isuer', bronzeFile]],
    [lint, [bronzeFile, '--port', 'none']],
  ];
  for (const [command, args] of calls) t.equal(await command(args), 2, args.join(' '));
});

t.test('what cannot be read is a refusal', async (t) => {
  const calls: [command: (args: string[]) => Promise<number>, args: string[], code: string][] = [
    [block, [join(dataDirectory, 'gone.pem'), '--reason', 'x'], 'input-unreadable'],
    [block, [dataDirectory, '--reason', 'x'], 'input-unreadable'],
    [bench, ['--reference', 'file:gone.key'], 'secret-file-unreadable'],
    [lint, [keyFile], 'lint-input-unknown'],
    [lint, [bronzeFile, '--issuer', keyFile], 'lint-issuer-unknown'],
  ];
  for (const [command, args, code] of calls)
    await t.rejects(command([...args, ...deployment]), { code }, args.join(' '));
});

t.test('lint returns 0 for what is right and 1 for what is not', async (t) => {
  const right = await called(lint, [bronzeFile]);
  t.equal(right.code, 0, right.printed);
  t.match(right.printed, /^certificate .*Bronze CA[\s\S]*\d+ rules passed, \d+ not applicable\n$/);

  // The same certificate with another issuer than the one that it names.
  const wrong = await called(lint, [bronzeFile, '--issuer', bronzeFile, '--json']);
  t.equal(wrong.code, 1);
  const [{ kind, reports }] = JSON.parse(wrong.printed) as { kind: string; reports: { result: unknown }[] }[];
  t.equal(kind, 'certificate');
  t.ok(reports.some(({ result }) => (result as { severity?: string }).severity === 'error'));
});

t.test('a shell sees exit codes and codes of refusals', async (t) => {
  const wrong = mohr('lint', bronzeFile, '--issuer', bronzeFile);
  t.match(wrong, { status: 1, stdout: /^ {2}error /m, stderr: '' });
  t.match(mohr('lint', keyFile), { status: 1, stderr: '[lint-input-unknown]' });
  t.match(mohr('keys', 'forget'), { status: 2, stderr: 'mohr keys bench|block|list' });
});

async function called(
  command: (args: string[], output: Output) => Promise<number>,
  args: string[],
): Promise<{ code: number; printed: string }> {
  let printed = '';
  const output = { write: (text: string | Uint8Array) => Boolean((printed += String(text))) };
  return { code: await command(args, output), printed };
}

function mohr(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...MOHR, ...args], { encoding: 'utf8' });
}
