import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from '../temporary-folder.ts';
import { CardHost } from './card-host-process.ts';
import type { Cut } from './inserted-card.ts';

export const OPENSC_MODULE = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so';

/** vpcd makes two slots of one device. */
const SLOTS = [0, 1];

type Teardown = { teardown(undo: () => unknown): void };

/** One reader, into which cards are put; a card is named by the file that keeps it. */
export interface VirtualReader {
  /** Puts a card in, a blank one when there is no such card yet; resolves when pcscd has seen it. */
  insert(card: string): Promise<void>;
  /** Resolves when pcscd has seen that it is gone. */
  pull(): Promise<void>;
  /** The card that is in will pull itself at a command; `pulled` then resolves when pcscd has seen it. */
  cutAt(cut: Cut): Promise<void>;
  pulled(): Promise<void>;
  /** It will not, after all. */
  spare(): Promise<void>;
}

/** pcscd with virtual readers, of this test alone. */
export class CardStack {
  readonly readers: readonly VirtualReader[];
  /** What programs need to find this pcscd. */
  readonly variables: Record<string, string>;
  readonly folder: string;
  readonly #host: CardHost;

  private constructor(folder: string, host: CardHost) {
    this.folder = folder;
    this.#host = host;
    this.variables = { PCSCLITE_CSOCK_NAME: join(folder, 'run', 'pcscd.comm') };
    this.readers = SLOTS.map((slot) => this.#reader(slot));
  }

  /** Starts everything, and points this process at it. */
  static async start(t: Teardown): Promise<CardStack> {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, 'cards'));
    const stack = new CardStack(folder, await CardHost.start(t, folder));
    await stack.plugIn();
    Object.assign(process.env, stack.variables);
    return stack;
  }

  /** Where the card of this name keeps what it keeps. */
  fileOf(card: string): string {
    return join(this.folder, 'cards', `${card}.json`);
  }

  /** Starts pcscd with its readers, empty. */
  plugIn(): Promise<void> {
    return this.#host.order({ kind: 'plug-in' });
  }

  /** All readers go, with whatever is in them, and pcscd too. */
  unplug(): Promise<void> {
    return this.#host.order({ kind: 'unplug' });
  }

  #reader(slot: number): VirtualReader {
    const host = this.#host;
    return {
      insert: (card) => host.order({ kind: 'insert', slot, file: this.fileOf(card) }),
      pull: () => host.order({ kind: 'pull', slot }),
      cutAt: (cut) => host.order({ kind: 'cut', slot, cut }),
      pulled: () => host.order({ kind: 'await-pulled', slot }),
      spare: () => host.order({ kind: 'spare', slot }),
    };
  }
}
