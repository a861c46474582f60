import type { Clock } from '../../core/clock.ts';
import type { CardDesk, DeskReader } from '../../keys/card/card-desk.ts';
import { CardError } from '../../keys/card/card-error.ts';
import { logIn } from '../../keys/card/open-card.ts';
import type { OpenCard } from '../../keys/card/open-card.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import type { Journal } from './journal.ts';
import type { PinMemory } from './pin-memory.ts';
import type { Conversation, Question, ShownDocument } from './prompter.ts';

/** What an operation works with. */
export interface CardWork {
  desk: CardDesk;
  journal: Journal;
  pins: PinMemory;
  clock: Clock;
  origin: string;
  /** Of the officer; of the pairing in holder mode. */
  sessionId: string;
  /** Environment of programs that are run for a blank card. */
  variables: NodeJS.ProcessEnv;
  conversation: Conversation;
  /** Tells the console what is going on. */
  step(step: string, isWaiting?: boolean): void;
}

/** The reader with a card; throws CardError `card-absent` or `card-ambiguous`. */
export async function readerOf({ desk }: CardWork, cardSerial: string): Promise<DeskReader> {
  const found = (await desk.readers()).filter(({ token }) => token?.serial === cardSerial);
  if (found.length === 1) return found[0];
  throw found.length === 0
    ? new CardError('card-absent', `card ${cardSerial} is in no reader`)
    : new CardError('card-ambiguous', `${found.length} cards say that they are ${cardSerial}`);
}

interface Login {
  operation: string;
  cardSerial: string;
  document?: ShownDocument;
  /** A PIN that was typed a moment ago for the same card will do. */
  mayRecall: boolean;
}

/**
 * Asks for the PIN, logs in and does a piece of work, and asks again while the PIN is wrong. What the work fails with ends it,
 * also when it is about a PIN.
 */
export async function withPin<T>(
  work: CardWork,
  login: Login,
  use: (card: OpenCard, pin: Passphrase | undefined) => Promise<T>,
): Promise<T> {
  const { cardSerial } = login;
  const { token } = await readerOf(work, cardSerial);
  if (token?.pinPad) return atPinPad(work, login, use);
  let notice = ['last-try', 'wrong-before'].find((state) => state === token?.pinState);
  for (;;) {
    const recalled = login.mayRecall ? work.pins.recall(cardSerial, work.sessionId) : undefined;
    const pin = recalled ?? (await askPin(work, login, notice));
    work.step('card');
    const attempt = await tryPin(work, login, pin, use);
    if ('result' in attempt) return attempt.result;
    work.pins.forget();
    ({ notice } = attempt);
  }
}

async function tryPin<T>(
  work: CardWork,
  { cardSerial, mayRecall }: Login,
  pin: Passphrase | undefined,
  use: (card: OpenCard, pin: Passphrase | undefined) => Promise<T>,
): Promise<{ result: T } | { notice: string }> {
  if (!pin) return { notice: 'pin-length' };
  let isIn = false;
  try {
    const result = await work.desk.withCard(cardSerial, (card) => {
      logIn(card, pin);
      isIn = true;
      return use(card, pin);
    });
    if (mayRecall) work.pins.keep(cardSerial, work.sessionId, pin);
    return { result };
  } catch (error) {
    if (!isIn && error instanceof CardError && (error.code === 'pin-wrong' || error.code === 'pin-length'))
      return { notice: error.code };
    throw error;
  }
}

async function atPinPad<T>(
  work: CardWork,
  { operation, cardSerial, document }: Login,
  use: (card: OpenCard, pin: undefined) => Promise<T>,
): Promise<T> {
  const question: Question = { kind: 'pin-pad', operation, origin: work.origin, cardSerial, document };
  work.step('pin', true);
  await work.conversation.ask(question);
  return work.desk.withCard(cardSerial, (card) => {
    logIn(card, undefined);
    return use(card, undefined);
  });
}

async function askPin(
  work: CardWork,
  { operation, cardSerial, document }: Login,
  notice: string | undefined,
): Promise<Passphrase | undefined> {
  work.step('pin', true);
  const { origin } = work;
  const answers = await work.conversation.ask({
    ...{ kind: 'secrets', operation, origin, cardSerial, secrets: ['pin'], notice, document },
  });
  return secretOf(answers.pin);
}

/** Undefined for an empty answer. */
export function secretOf(text: string | undefined): Passphrase | undefined {
  return text ? new Passphrase(text) : undefined;
}
