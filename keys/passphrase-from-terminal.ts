import type { ReadStream } from 'node:tty';
import type { Writable } from 'node:stream';

import { KeyError } from './key-error.ts';
import { PASSPHRASE_OCTETS_MAX, Passphrase } from './passphrase.ts';

/** What of `process.stdin` is used, and of a pseudo terminal in its place. */
export type TerminalInput = Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;

const END_OF_LINE = [0x0a, 0x0d];
const BACKSPACE = [0x08, 0x7f];
const INTERRUPT = [0x03, 0x04];

/**
 * Asks at a terminal and shows nothing of what is typed. Throws KeyError `passphrase-source` where there is no
 * terminal, on Ctrl-C and Ctrl-D, and on control characters (an arrow key typed blindly would become part of the secret).
 */
export async function passphraseFromTerminal(options: {
  prompt: string;
  input: TerminalInput;
  output: Writable;
}): Promise<Passphrase> {
  const { prompt, input, output } = options;
  if (!input.isTTY) throw new KeyError('passphrase-source', 'there is no terminal to ask for the passphrase');
  // Raw before the prompt: whoever answers at once must not be echoed.
  input.setRawMode(true);
  output.write(`${prompt}: `);
  try {
    const line = await readLine(input);
    return new Passphrase(line);
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}

function readLine(input: TerminalInput): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const typed: number[] = [];
    const finish = (settle: () => void): void => {
      input.off('data', onData);
      input.off('end', onEnd);
      settle();
    };
    const onEnd = (): void =>
      finish(() => reject(new KeyError('passphrase-source', 'the terminal was closed')));
    const onData = (chunk: Buffer): void => {
      for (const octet of chunk) {
        const end = consume(octet, typed);
        if (end === 'line') return finish(() => resolve(Buffer.from(typed)));
        if (end) return finish(() => reject(new KeyError('passphrase-source', end)));
      }
    };
    input.on('data', onData);
    input.on('end', onEnd);
    input.resume();
  });
}

/** Takes one octet in; says 'line' when the line is complete, a reason when it cannot become one, else nothing. */
function consume(octet: number, typed: number[]): string | undefined {
  if (END_OF_LINE.includes(octet)) return 'line';
  if (INTERRUPT.includes(octet)) return 'the question was not answered';
  if (BACKSPACE.includes(octet)) return dropCharacter(typed);
  if (octet < 0x20) return 'the answer has a control character';
  typed.push(octet);
  return typed.length > PASSPHRASE_OCTETS_MAX
    ? `the answer has more than ${PASSPHRASE_OCTETS_MAX} octets`
    : undefined;
}

/** Takes back one character: UTF-8 continuation octets (10xxxxxx) go with their lead. */
function dropCharacter(typed: number[]): undefined {
  while (typed.length > 0 && (typed.pop()! & 0xc0) === 0x80);
}
