import { PassThrough } from 'node:stream';

import t from 'tap';

import { TerminalPrompter } from '../../cli/card-agent/terminal-prompter.ts';
import type { TerminalInput } from '../../keys/passphrase-from-terminal.ts';
import type { Question } from '../../cli/card-agent/prompter.ts';

const origin = 'https://ra.example';
const about = { operation: 'sign', origin, cardSerial: '0000000001' } as const;

t.test('pairing: the digits that the console shows are typed', async (t) => {
  const question: Question = { kind: 'pairing', origin, code: '012345' };
  t.strictSame((await asked(question, ['012345\r'])).answers, {});
  await t.rejects(asked(question, ['012346\r']), { code: 'prompt-cancelled' });
  await t.rejects(asked(question, ['\r']), { code: 'prompt-cancelled' });
});

t.test('secrets are asked one after the other, under what is signed, and not shown', async (t) => {
  const document = { display: 'Prescription\u{1b}[2J', text: 'Amoxicillin', sha256: 'ab12' };
  const question: Question = {
    kind: 'secrets',
    ...about,
    secrets: ['puk', 'newPin'],
    document,
    notice: 'pin-wrong',
  };
  const { answers, shown } = await asked(question, ['12345678\r', '246800\r']);
  t.strictSame(answers, { puk: '12345678', newPin: '246800' });
  t.match(shown, /card 0000000001, asked by https:\/\/ra\.example/);
  t.match(shown, /Amoxicillin/);
  t.match(shown, /ab12/);
  t.notOk(shown.includes('\x1b'), 'a document does not move the cursor');
  t.notMatch(shown, /12345678|246800/);
});

t.test('Ctrl-C says no', async (t) => {
  const question: Question = { kind: 'secrets', ...about, secrets: ['pin'] };
  await t.rejects(asked(question, ['24\x03']), { code: 'prompt-cancelled' });
});

t.test('at a PIN pad nothing is typed here', async (t) => {
  const { answers, shown } = await asked({ kind: 'pin-pad', ...about }, []);
  t.strictSame(answers, {});
  t.match(shown, /reader's pad/);
});

/** Asks at a terminal of our own; each line is typed when there is something to answer. */
async function asked(question: Question, lines: readonly string[]) {
  const input = new PassThrough();
  Object.assign(input, { isTTY: true, setRawMode: () => input });
  const output = new PassThrough();
  const typed = [...lines];
  let shown = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (/: $/.test(text)) input.write(typed.shift() ?? '\x04');
  });
  const conversation = new TerminalPrompter({ input: input as unknown as TerminalInput, output }).open();
  const answers = await conversation.ask(question);
  conversation.end('done');
  return { answers, shown };
}
