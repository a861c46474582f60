import type { Writable } from 'node:stream';

import { passphraseFromTerminal } from '../../keys/passphrase-from-terminal.ts';
import type { TerminalInput } from '../../keys/passphrase-from-terminal.ts';
import { KeyError } from '../../keys/key-error.ts';
import { AgentError } from './agent-error.ts';
import type { Answers, Conversation, Prompter, Question } from './prompter.ts';
import { PROMPT_TEXTS } from './prompt-texts.ts';

/** Asks at the terminal that the agent was started in, one question after the other. */
export class TerminalPrompter implements Prompter {
  readonly #terminal: { input: TerminalInput; output: Writable };
  #last: Promise<unknown> = Promise.resolve();

  constructor(terminal: { input: TerminalInput; output: Writable }) {
    this.#terminal = terminal;
  }

  open(): Conversation {
    return {
      url: '',
      ask: (question) => {
        const answered = this.#last.then(() => this.#ask(question));
        this.#last = answered.catch(() => undefined);
        return answered;
      },
      end: (outcome) => this.#say(outcome),
    };
  }

  async #ask(question: Question): Promise<Answers> {
    const texts = PROMPT_TEXTS.en;
    if (question.kind === 'pairing') return this.#pair(question.origin, question.code);
    this.#say(
      `${texts.titles[question.operation]}: card ${question.cardSerial}, asked by ${question.origin}`,
    );
    if (question.document) {
      const { display, text, sha256 } = question.document;
      this.#say(
        [printable(display), ...(text === undefined ? [] : [printable(text)]), `SHA-256 ${sha256}`].join(
          '\n',
        ),
      );
    }
    if (question.kind === 'pin-pad') {
      this.#say(texts.pinPad);
      return {};
    }
    if (question.notice) this.#say(texts.notices[question.notice] ?? question.notice);
    const answers: Answers = {};
    for (const name of question.secrets) answers[name] = await this.#secret(texts.secrets[name]);
    return answers;
  }

  async #pair(origin: string, code: string): Promise<Answers> {
    this.#say(`${PROMPT_TEXTS.en.pairingTitle}: ${origin}\n${code}`);
    const answer = await this.#secret('Type the six digits that the console shows, or nothing to refuse');
    if (answer !== code) throw new AgentError('prompt-cancelled', 'the code was not confirmed');
    return {};
  }

  async #secret(prompt: string): Promise<string> {
    try {
      return (await passphraseFromTerminal({ prompt, ...this.#terminal })).reveal().toString('utf8');
    } catch (cause) {
      if (cause instanceof KeyError) throw new AgentError('prompt-cancelled', cause.detail, { cause });
      throw cause;
    }
  }

  #say(text: string): void {
    this.#terminal.output.write(`${text}\n`);
  }
}

/** What a document says must not move the cursor: control characters are shown as such. */
function printable(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    const isControl = (code < 0x20 && code !== 0x0a) || (code >= 0x7f && code < 0xa0);
    return isControl ? '\u{fffd}' : character;
  }).join('');
}
