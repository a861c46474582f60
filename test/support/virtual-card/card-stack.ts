import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';

import { temporaryFolder } from '../temporary-folder.ts';
import { CardHost } from './card-host-process.ts';
import type { Cut } from './inserted-card.ts';

export const OPENSC_MODULE = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so';

const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
/** vpcd makes two slots of one device. */
const SLOTS = 2;
/** Nobody else is in that network. */
const PORT = 0x8c7b;
/** In a mount namespace of its own: pcscd knows one place for its socket, and another one may run here. */
const START =
  'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd && exec pcscd -f -i -c "$2"';

type Teardown = { teardown(undo: () => unknown): void };

/** One reader, into which cards are put; a card is named by the file that keeps it. */
export interface VirtualReader {
  /** Puts a card in, a blank one when there is no such card yet; resolves when pcscd has seen it. */
  insert(card: string): Promise<void>;
  /** Resolves when pcscd has seen that it is gone. */
  pull(): Promise<void>;
  /** The card that is in will pull itself at a command; `pulled` resolves when pcscd has seen it. */
  cutAt(cut: Cut): Promise<{ pulled: Promise<void> }>;
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
  #daemon: ChildProcess | undefined;
  /** Who waits for pcscd to say something. */
  readonly #listeners = new Set<(line: string) => void>();

  private constructor(folder: string, host: CardHost) {
    this.folder = folder;
    this.#host = host;
    this.variables = { PCSCLITE_CSOCK_NAME: join(folder, 'run', 'pcscd.comm') };
    this.readers = Array.from({ length: SLOTS }, (_, slot) => this.#reader(slot));
  }

  /** Starts everything, and points this process at it. */
  static async start(t: Teardown): Promise<CardStack> {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, 'run'));
    mkdirSync(join(folder, 'readers'));
    mkdirSync(join(folder, 'cards'));
    const host = await CardHost.start(t);
    const stack = new CardStack(folder, host);
    t.teardown(() => stack.unplug());
    await stack.plugIn();
    Object.assign(process.env, stack.variables);
    return stack;
  }

  /** Where the card of this name keeps what it keeps. */
  fileOf(card: string): string {
    return join(this.folder, 'cards', `${card}.json`);
  }

  /** Starts the daemon with its readers. */
  async plugIn(): Promise<void> {
    const channel = `0x${PORT.toString(16)}`;
    writeFileSync(
      join(this.folder, 'readers', 'vpcd'),
      `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${channel}\nLIBPATH ${DRIVER}\nCHANNELID ${channel}\n`,
    );
    const { run, readers } = { run: join(this.folder, 'run'), readers: join(this.folder, 'readers') };
    const [program, ...args] = [
      ...this.#host.inItsNetwork,
      ...['unshare', '--mount', 'sh', '-c', START, 'sh', run, readers],
    ];
    const daemon = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#daemon = daemon;
    const lines = createInterface({ input: daemon.stdout });
    lines.on('line', (line) => this.#listeners.forEach((listener) => listener(line)));
    await untilReady(daemon, lines);
  }

  /** All readers go, with whatever is in them; so does the daemon. */
  async unplug(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
  }

  #reader(slot: number): VirtualReader {
    const port = PORT + slot;
    // pcscd looks every 400 ms; a card that is back before that was never away.
    const removed = () => this.#said(new RegExp(`Card Removed From .* 0${slot}$`));
    return {
      insert: async (card) => {
        const inserted = this.#said(new RegExp(`Card inserted into .* 0${slot}$`));
        await this.#host.order({ kind: 'insert', port, file: this.fileOf(card) });
        await inserted;
      },
      pull: async () => {
        const pulled = removed();
        await this.#host.order({ kind: 'pull', port });
        await pulled;
      },
      cutAt: async (cut) => {
        const pulled = removed();
        await this.#host.order({ kind: 'cut', port, cut });
        return { pulled };
      },
      spare: () => this.#host.order({ kind: 'cut', port, cut: undefined }),
    };
  }

  #said(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const listener = (line: string) => {
        if (!pattern.test(line)) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
  }
}

async function untilReady(daemon: ChildProcess, lines: Interface): Promise<void> {
  const said: string[] = [];
  daemon.stderr!.setEncoding('utf8').on('data', (text: string) => said.push(text));
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (said.length < 100) said.push(line);
      if (line.includes('daemon ready')) resolve();
    });
    daemon.once('exit', () => reject(new Error(`pcscd does not start:\n${said.join('\n')}`)));
  });
}
