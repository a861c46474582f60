import { CardError } from '../../../keys/card/card-error.ts';
import { hasLength, setCardPin } from '../../../keys/card/card-pins.ts';
import type { CardType } from '../../../keys/card/card-type.ts';
import { initialiseCard } from '../../../keys/card/initialise-card.ts';
import type { Passphrase } from '../../../keys/passphrase.ts';
import { readerOf, secretOf } from '../card-work.ts';
import type { CardWork } from '../card-work.ts';
import type { Answers, SecretName } from '../prompter.ts';

interface Plan {
  type: CardType;
  secrets: readonly SecretName[];
  /** The blank card's reader. */
  blankIn?: string;
}

/** In PKCS#15's TokenInfo; shown as the name of the token. */
const CARD_LABEL = 'Medical Council';

const SECRETS: Record<CardType['puk'], readonly SecretName[]> = {
  'so-set-pin': ['transportPuk', 'newPin', 'newPinAgain', 'newPuk', 'newPukAgain'],
  'at-initialisation': ['transportPin', 'newPin', 'newPinAgain'],
  none: ['transportPin', 'newPin', 'newPinAgain'],
};

/**
 * Replaces what the card came with by PIN and PUK of its holder; a blank card is initialised with them. Interrupted, the card
 * has either the old or the new ones, and the same operation is done again.
 */
export async function setPin(work: CardWork, cardSerial: string): Promise<object> {
  const plan = await planOf(work, cardSerial);
  let notice: string | undefined;
  for (;;) {
    const answers = await ask(work, cardSerial, plan, notice);
    const pins = typedPins(answers, plan);
    if (typeof pins === 'string') {
      notice = pins;
      continue;
    }
    work.step('card');
    notice = await change(work, cardSerial, plan, pins);
    if (notice !== undefined) continue;
    work.journal.note({ kind: 'pin-set', cardSerial });
    work.pins.keep(cardSerial, work.sessionId, pins.pin);
    return { pin: 'set', puk: pins.puk ? 'set' : 'unchanged' };
  }
}

async function planOf(work: CardWork, cardSerial: string): Promise<Plan> {
  const blanks = await work.desk.blankCards();
  const there = (await work.desk.readers()).some(({ token }) => token?.serial === cardSerial);
  const [blank] = blanks;
  if (there || blanks.length === 0) {
    const type = (await readerOf(work, cardSerial)).token?.type;
    if (!type)
      throw new CardError('card-unknown-type', `card ${cardSerial}: no row of the table of card types`);
    return { type, secrets: SECRETS[type.puk] };
  }
  if (blanks.length > 1)
    throw new CardError('card-ambiguous', `${blanks.length} blank cards are in the readers`);
  const secrets = ['newPin', 'newPinAgain', 'newPuk', 'newPukAgain'] as const;
  return { type: blank.token!.type!, secrets, blankIn: blank.reader };
}

async function ask(
  work: CardWork,
  cardSerial: string,
  { secrets }: Plan,
  notice: string | undefined,
): Promise<Answers> {
  work.step('pin', true);
  const { origin } = work;
  return work.conversation.ask({
    kind: 'secrets',
    operation: 'set-pin',
    origin,
    cardSerial,
    secrets,
    notice,
  });
}

interface TypedPins {
  transportPin?: Passphrase;
  transportPuk?: Passphrase;
  pin: Passphrase;
  puk?: Passphrase;
}

/** What was typed, or why it will not do. */
function typedPins(answers: Answers, { type, secrets }: Plan): TypedPins | 'pins-differ' | 'pin-length' {
  const isSame = (one: SecretName, again: SecretName): boolean => answers[one] === answers[again];
  if (!isSame('newPin', 'newPinAgain') || !isSame('newPuk', 'newPukAgain')) return 'pins-differ';
  const pin = secretOf(answers.newPin);
  const puk = secretOf(answers.newPuk);
  const transportPin = secretOf(answers.transportPin);
  const transportPuk = secretOf(answers.transportPuk);
  const isWhole = secrets.every((name) => answers[name]);
  if (!isWhole || !pin || !hasLength(pin, type.pinLength)) return 'pin-length';
  if (puk && !hasLength(puk, type.pukLength)) return 'pin-length';
  return {
    ...(transportPin && { transportPin }),
    ...(transportPuk && { transportPuk }),
    pin,
    ...(puk && { puk }),
  };
}

/** Undefined when it is done; else why it has to be typed again. */
async function change(
  work: CardWork,
  cardSerial: string,
  { blankIn }: Plan,
  pins: TypedPins,
): Promise<string | undefined> {
  if (blankIn !== undefined) {
    const { pin, puk } = pins;
    const card = { reader: blankIn, serial: cardSerial, label: CARD_LABEL, pin, puk: puk! };
    await initialiseCard(card, { variables: work.variables });
    await readerOf(work, cardSerial);
    return undefined;
  }
  try {
    await work.desk.withCard(cardSerial, async (card) => setCardPin(card, pins));
    return undefined;
  } catch (error) {
    const again = ['pin-wrong', 'pin-length', 'puk-wrong'];
    if (error instanceof CardError && again.includes(error.code)) return error.code;
    throw error;
  }
}
