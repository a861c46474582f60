import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
/** Nobody else is in the network that this runs in. */
export const PORT = 0x8c7b;
/**
 * In a mount namespace of its own: pcscd knows one place for its socket, and another one may run here. It goes with this
 * process.
 */
const START = [
  'mount -t tmpfs none /run',
  'mkdir /run/pcscd',
  'mount --bind "$1" /run/pcscd',
  'exec setpriv --pdeathsig KILL pcscd --foreground --info --config "$2"',
].join(' && ');

/** pcscd with a virtual reader of two slots. */
export class ReaderDaemon {
  readonly #folder: string;
  readonly #listeners = new Set<(line: string) => void>();
  #process: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    const [run, readers] = ['run', 'readers'].map((name) => join(this.#folder, name));
    for (const folder of [run, readers]) mkdirSync(folder, { recursive: true });
    const channel = `0x${PORT.toString(16)}`;
    writeFileSync(
      join(readers, 'vpcd'),
      `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${channel}\nLIBPATH ${DRIVER}\nCHANNELID ${channel}\n`,
    );
    const started = spawn('unshare', ['--mount', 'sh', '-c', START, 'sh', run, readers], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = started;
    const ready = this.said(/daemon ready/);
    createInterface({ input: started.stdout }).on('line', (line) =>
      this.#listeners.forEach((listener) => listener(line)),
    );
    const died = once(started, 'exit').then(() => Promise.reject(new Error('pcscd does not start')));
    await Promise.race([ready, died]);
    died.catch(() => undefined);
  }

  /** As when the cable is pulled: no goodbye. */
  async stop(): Promise<void> {
    if (!this.#process) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    this.#process = undefined;
  }

  /** Resolves when pcscd logs a line like this. */
  said(pattern: RegExp): Promise<void> {
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
