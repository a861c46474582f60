import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { passphraseFromTerminal } from '../../keys/passphrase-from-terminal.ts';
import type { Passphrase } from '../../keys/passphrase.ts';

t.test('takes what is typed up to the end of the line', async (t) => {
  t.equal(await typed('swordfish\r'), 'swordfish');
  t.equal(await typed('swordfish\nand more'), 'swordfish');
  t.equal(await typed('sword', 'fi', 'sh\n'), 'swordfish', 'in pieces');
  t.equal(await typed('wrd\x7f\x7ford\r'), 'word', 'backspace');
  t.equal(await typed('گذز\x7fر\r'), 'گذر', 'backspace takes a whole character');
  t.equal(await typed('\x7f\x7fa\r'), 'a', 'backspace on nothing');
});

t.test('refuses what is no answer, and gives the terminal back', async (t) => {
  const bad = { 'Ctrl-C': 'abc\x03', 'Ctrl-D': '\x04', 'an arrow key': 'abc\x1b[A\r', nothing: '\r' };
  for (const [name, keys] of Object.entries(bad)) {
    const terminal = fakeTerminal();
    const answer = ask(terminal);
    terminal.input.write(keys);
    await t.rejects(answer, { code: 'passphrase-source' }, name);
    t.strictSame(terminal.rawModes, [true, false], name);
  }
  const endless = ask(fakeTerminal('x'.repeat(1025)));
  await t.rejects(endless, { code: 'passphrase-source' }, 'longer than any passphrase');
  const closed = fakeTerminal();
  const answer = ask(closed);
  closed.input.end();
  await t.rejects(answer, { code: 'passphrase-source' }, 'the terminal closes');
});

t.test('asks nobody where there is no terminal', async (t) => {
  const terminal = fakeTerminal('secret\r');
  Object.assign(terminal.input, { isTTY: false });
  await t.rejects(ask(terminal), { code: 'passphrase-source' });
});

t.test('echoes nothing at a real terminal', async (t) => {
  const script = `
    import { passphraseFromTerminal } from './keys/passphrase-from-terminal.ts';
    const { stdin: input, stdout: output } = process;
    const passphrase = await passphraseFromTerminal({ prompt: 'Passphrase', input, output });
    console.log(\`length \${passphrase.reveal().length}\`);`;
  // script(1) is in every Debian and gives the command a pseudo terminal.
  const child = spawn('script', ['-qec', `exec "$NODE" --import tsx --eval "$SCRIPT"`, '/dev/null'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, NODE: process.execPath, SCRIPT: script },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  for await (const chunk of child.stdout) {
    const before = shown;
    shown += String(chunk);
    if (!before.includes('Passphrase:') && shown.includes('Passphrase:')) child.stdin.write('swordfish\r');
  }
  t.match(shown, /Passphrase: \r?\n.*length 9/s);
  t.notMatch(shown, /sword|fish/);
});

function fakeTerminal(keys?: string) {
  const rawModes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true as const,
    setRawMode: (mode: boolean) => {
      rawModes.push(mode);
    },
  });
  if (keys) input.write(keys);
  return { input, output: new PassThrough(), rawModes };
}

type FakeTerminal = ReturnType<typeof fakeTerminal>;

function ask({ input, output }: FakeTerminal): Promise<Passphrase> {
  const terminal = input as unknown as Parameters<typeof passphraseFromTerminal>[0]['input'];
  return passphraseFromTerminal({ prompt: 'Passphrase', input: terminal, output });
}

async function typed(...pieces: string[]): Promise<string> {
  const terminal = fakeTerminal();
  const answer = ask(terminal);
  for (const piece of pieces) terminal.input.write(piece);
  return (await answer).reveal().toString('utf8');
}
