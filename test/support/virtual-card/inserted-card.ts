import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { VirtualCard, blankMemory } from './virtual-card.ts';
import type { CardMemory } from './virtual-card.ts';

/** At which command a card is pulled by itself: the nth of an instruction, before or after the card has run it. */
export interface Cut {
  instruction: number;
  nth: number;
  when: 'before' | 'after';
}

const ANSWER_TO_RESET = Buffer.from('3b80800101', 'hex');
/** The control by which the reader asks for it; the others are power off, power on and reset. */
const ANSWER_TO_RESET_ASKED = 4;

/** A card in a reader of vpcd: it connects where the reader listens, and to disconnect is to be pulled out. */
export class InsertedCard {
  readonly #card: VirtualCard;
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #cut: Cut | undefined;
  readonly #seen = new Map<number, number>();

  private constructor(card: VirtualCard, socket: Socket) {
    this.#card = card;
    this.#socket = socket;
    socket.on('data', (octets) => this.#receive(octets));
    socket.on('error', () => undefined);
  }

  /** Inserts the card that is kept in `file`, a blank one when there is none. */
  static async insert({ port, file }: { port: number; file: string }): Promise<InsertedCard> {
    const memory = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CardMemory) : blankMemory();
    const card = new VirtualCard(memory, (changed) => store(file, changed));
    store(file, memory);
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new InsertedCard(card, socket);
  }

  pull(): void {
    this.#socket.destroy();
  }

  cutAt(cut: Cut | undefined): void {
    this.#cut = cut;
    this.#seen.clear();
  }

  /** Each message has its length before it, in two octets; one octet alone is a control. */
  #receive(octets: Buffer): void {
    this.#received = Buffer.concat([this.#received, octets]);
    while (this.#received.length >= 2) {
      const end = 2 + this.#received.readUInt16BE(0);
      if (this.#received.length < end) return;
      const message = Buffer.from(this.#received.subarray(2, end));
      this.#received = this.#received.subarray(end);
      if (message.length > 1) this.#run(message);
      else if (message[0] === ANSWER_TO_RESET_ASKED) this.#send(ANSWER_TO_RESET);
      else this.#card.reset();
    }
  }

  #run(apdu: Buffer): void {
    if (this.#isCut(apdu[1], 'before')) return this.pull();
    const answer = this.#card.transmit(apdu);
    if (this.#isCut(apdu[1], 'after')) return this.pull();
    this.#send(answer);
  }

  #isCut(instruction: number, when: Cut['when']): boolean {
    const cut = this.#cut;
    if (!cut || cut.instruction !== instruction || cut.when !== when) return false;
    const seen = (this.#seen.get(instruction) ?? 0) + 1;
    this.#seen.set(instruction, seen);
    return seen === cut.nth;
  }

  #send(message: Buffer): void {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    this.#socket.write(Buffer.concat([length, message]));
  }
}

/** All of it or what was before. */
function store(file: string, memory: CardMemory): void {
  writeFileSync(`${file}.new`, JSON.stringify(memory));
  renameSync(`${file}.new`, file);
}
