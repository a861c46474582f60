import { Worker } from 'node:worker_threads';

import type { PackedRevocations } from '../../pki/crl-packed-revocations.ts';
import type { CrlEntries } from './crl-entries.ts';
import type { CrlEntriesReply, CrlEntriesRequest } from './crl-entries-protocol.ts';

/** The thread's own objects are few and short-lived; what it keeps lies outside its heap. */
const YOUNG_GENERATION_MIB = 4;

type Body<Request> = Request extends unknown ? Omit<Request, 'id'> : never;

interface Pending {
  resolve(parts: Uint8Array[]): void;
  reject(error: Error): void;
}

/**
 * The entries in a thread of their own: a million of them are encoded while OCSP is answered. What comes back are views on
 * shared memory that never change. When the thread dies, each call rejects.
 */
export class CrlEntriesThread implements CrlEntries {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  /** Batches go over in this one piece of shared memory, so that a million entries leave no copies behind. */
  #scratch = sharedOctets(0);
  /** One change after the other; the first that fails fails those behind it, for their list would be wrong. */
  #changing: Promise<void> = Promise.resolve();
  #lastId = 0;
  #dead: Error | undefined;

  constructor() {
    this.#worker = new Worker(workerUrl(), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
    this.#worker.unref();
    this.#worker.on('message', (reply: CrlEntriesReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`the thread of the CRL entries ended (${code})`)));
  }

  async open(authorityId: string, shards: number): Promise<void> {
    await this.#ask({ kind: 'open', authorityId, shards });
  }

  change(authorityId: string, put: PackedRevocations, remove: readonly Uint8Array[] = []): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      if (this.#scratch.length < put.length) this.#scratch = sharedOctets(put.length);
      this.#scratch.set(put);
      await this.#ask({ kind: 'change', authorityId, put: this.#scratch.subarray(0, put.length), remove });
    });
    return this.#changing;
  }

  parts(authorityId: string, shard?: number): Promise<Uint8Array[]> {
    return this.#changing.then(() =>
      this.#ask({ kind: 'parts', authorityId, ...(shard !== undefined && { shard }) }),
    );
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(body: Body<CrlEntriesRequest>): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(this.#dead);
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      // The thread keeps the process alive only while somebody waits for it.
      this.#worker.ref();
      this.#worker.postMessage({ id, ...body });
    });
  }

  #settle(reply: CrlEntriesReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('parts' in reply) pending?.resolve(reply.parts);
    else pending?.reject(new Error(reply.failure));
  }

  #die(error: Error): void {
    this.#dead ??= error;
    for (const pending of this.#pending.values()) pending.reject(this.#dead);
    this.#pending.clear();
  }
}

function sharedOctets(octets: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(octets));
}

/** Beside this file: compiled, or TypeScript, for which a thread must register the loader by itself. */
function workerUrl(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./crl-entries-worker.js', import.meta.url);
  const loader = import.meta.resolve('tsx/esm/api');
  const worker = new URL('./crl-entries-worker.ts', import.meta.url).href;
  const module = `import { register } from '${loader}'; register(); await import('${worker}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(module)}`);
}
