import { randomBytes, timingSafeEqual } from 'node:crypto';

import { AgentError } from './agent-error.ts';
import type { PromptView } from './prompt-page.ts';
import type { Answers, Conversation, Prompter, Question, SecretName } from './prompter.ts';

/** Conversations that are kept, the ended ones among them, so that their page still says how it went. */
const PAGES_MAX = 50;
const SECRET_CHARACTERS_MAX = 255;

interface Page {
  view: PromptView;
  /** There while somebody is asked. */
  pending?: { question: Question; resolve(answers: Answers): void; reject(error: AgentError): void };
}

/** Asks in the browser: each conversation has an address that nobody can guess, and each form of it counts once. */
export class PromptPages implements Prompter {
  readonly #base: string;
  readonly #seconds: number;
  readonly #pages = new Map<string, Page>();

  /** `base` is the agent's own origin; a question is open for so many seconds. */
  constructor(base: string, seconds: number) {
    this.#base = base;
    this.#seconds = seconds;
  }

  open(): Conversation {
    this.#makeRoom();
    const id = randomBytes(24).toString('base64url');
    const page: Page = { view: { kind: 'working' } };
    this.#pages.set(id, page);
    return {
      url: `${this.#base}/prompts/${id}`,
      ask: (question) => this.#ask(page, question),
      end: (outcome) => {
        page.view = { kind: 'ended', outcome };
        page.pending?.reject(new AgentError('prompt-cancelled', 'the prompt was closed'));
        page.pending = undefined;
      },
    };
  }

  view(id: string): PromptView {
    return this.#pages.get(id)?.view ?? { kind: 'gone' };
  }

  /** Takes a form in; one that is not the open one changes nothing. */
  submit(id: string, form: URLSearchParams): void {
    const page = this.#pages.get(id);
    if (page?.view.kind !== 'question' || !page.pending) return;
    if (!isSame(form.get('form') ?? '', page.view.formId)) return;
    const { pending } = page;
    page.pending = undefined;
    page.view = { kind: 'working' };
    if (form.get('act') === 'accept') pending.resolve(answersOf(pending.question, form));
    else pending.reject(new AgentError('prompt-cancelled', 'it was refused at the prompt'));
  }

  #ask(page: Page, question: Question): Promise<Answers> {
    page.view = { kind: 'question', question, formId: randomBytes(16).toString('base64url') };
    // Nothing is typed here: the page only says where.
    if (question.kind === 'pin-pad') return Promise.resolve({});
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        page.pending = undefined;
        page.view = { kind: 'gone' };
        reject(new AgentError('prompt-expired', `nobody answered within ${this.#seconds} s`));
      }, this.#seconds * 1000);
      timer.unref();
      const settle = <T>(done: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          done(value);
        };
      };
      page.pending = { question, resolve: settle(resolve), reject: settle(reject) };
    });
  }

  #makeRoom(): void {
    for (const [id, { pending, view }] of this.#pages) {
      if (this.#pages.size < PAGES_MAX) return;
      if (!pending && view.kind !== 'working') this.#pages.delete(id);
    }
    if (this.#pages.size >= PAGES_MAX)
      throw new AgentError('too-many', `${PAGES_MAX} prompts are open already`);
  }
}

function answersOf(question: Question, form: URLSearchParams): Answers {
  const names: readonly SecretName[] = question.kind === 'secrets' ? question.secrets : [];
  return Object.fromEntries(
    names.map((name) => [name, (form.get(name) ?? '').slice(0, SECRET_CHARACTERS_MAX)]),
  );
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
