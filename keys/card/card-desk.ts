import type { CardModule } from './card-module.ts';
import { CardError } from './card-error.ts';
import { readSlots } from './card-slots.ts';
import type { CardSlot } from './card-slots.ts';
import type { CardType } from './card-type.ts';
import { withOpenCard } from './open-card.ts';
import type { OpenCard } from './open-card.ts';

/** A reader as one of the modules shows it. */
export type DeskReader = Omit<CardSlot, 'slot'>;

/** All readers of a workstation, through one or several modules. */
export class CardDesk {
  readonly #modules: readonly CardModule[];
  readonly #types: readonly CardType[];

  /** The first module that knows a card serves it. */
  constructor(modules: readonly CardModule[], types: readonly CardType[]) {
    this.#modules = modules;
    this.#types = types;
  }

  /** Every reader once: as the first module shows it that knows the card in it. */
  async readers(): Promise<DeskReader[]> {
    const shown = new Map<string, DeskReader>();
    for (const module of this.#modules) {
      const slots = await module.use('readers', async (cryptoki) => readSlots(cryptoki, this.#types));
      for (const { number, reader, token } of slots) {
        const known = shown.get(reader)?.token;
        const isBetter = token !== undefined && token.pinState !== 'blank';
        if (!shown.has(reader) || (!known && token) || (known?.pinState === 'blank' && isBetter))
          shown.set(reader, { number, reader, ...(token && { token }) });
      }
    }
    return [...shown.values()];
  }

  /** The readers with a blank card that can be initialised. */
  async blankCards(): Promise<DeskReader[]> {
    return (await this.readers()).filter(
      ({ token }) => token?.pinState === 'blank' && token.type?.initialise !== undefined,
    );
  }

  /**
   * Opens the card of a serial number for a piece of work; nothing else of this process uses its module meanwhile.
   * Throws CardError `card-absent`, `card-ambiguous`, `card-pulled`, `card-unknown-type`, and what the work throws.
   */
  async withCard<T>(serial: string, work: (card: OpenCard) => Promise<T>): Promise<T> {
    for (const module of this.#modules) {
      const outcome = await this.#tryWith(module, serial, work);
      if (outcome) return outcome.result;
    }
    throw new CardError('card-absent', `card ${serial} is in no reader`);
  }

  async #tryWith<T>(
    module: CardModule,
    serial: string,
    work: (card: OpenCard) => Promise<T>,
  ): Promise<{ result: T } | undefined> {
    try {
      return await module.use(`card ${serial}`, async (cryptoki) => {
        const slots = readSlots(cryptoki, this.#types);
        if (!slots.some(({ token }) => token?.serial === serial)) return undefined;
        return { result: await withOpenCard(cryptoki, slots, serial, work) };
      });
    } catch (cause) {
      if (!(cause instanceof CardError) || cause.code !== 'card-failed') throw cause;
      // Modules name a card that was pulled in many ways; whether it still says who it is settles it.
      if (await this.#isThere(module, serial)) throw cause;
      throw new CardError('card-pulled', `card ${serial} was pulled`, { cause, context: cause.context });
    }
  }

  async #isThere(module: CardModule, serial: string): Promise<boolean> {
    const slots = await module.use(`card ${serial}`, async (cryptoki) => readSlots(cryptoki, this.#types));
    return slots.some(({ token }) => token?.serial === serial);
  }
}
