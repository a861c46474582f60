import { CardError } from '../../../keys/card/card-error.ts';
import { hasLength, unblockCardPin } from '../../../keys/card/card-pins.ts';
import { readerOf, secretOf } from '../card-work.ts';
import type { CardWork } from '../card-work.ts';

/** Sets a new PIN by the PUK; a wrong PUK is asked for again, and costs a try each time. */
export async function unblockPin(work: CardWork, cardSerial: string): Promise<object> {
  const { token } = await readerOf(work, cardSerial);
  if (token?.type?.unblock !== 'so-init-pin' || token.pinPad)
    throw new CardError('card-cannot', `card ${cardSerial} is unblocked elsewhere`);
  const { pinLength } = token.type;
  let notice: string | undefined;
  for (;;) {
    work.step('pin', true);
    const answers = await work.conversation.ask({
      ...{ kind: 'secrets', operation: 'unblock-pin', origin: work.origin, cardSerial, notice },
      secrets: ['puk', 'newPin', 'newPinAgain'],
    });
    const [puk, pin] = [secretOf(answers.puk), secretOf(answers.newPin)];
    if (answers.newPin !== answers.newPinAgain) notice = 'pins-differ';
    else if (!puk || !pin || !hasLength(pin, pinLength)) notice = 'pin-length';
    else {
      work.step('card');
      try {
        await work.desk.withCard(cardSerial, async (card) => unblockCardPin(card, { puk, pin }));
        work.journal.note({ kind: 'pin-set', cardSerial });
        work.pins.keep(cardSerial, work.sessionId, pin);
        return { pin: 'set' };
      } catch (error) {
        if (!(error instanceof CardError) || error.code !== 'puk-wrong') throw error;
        notice = 'puk-wrong';
      }
    }
  }
}
