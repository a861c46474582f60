import { Worker } from 'node:worker_threads';

import type { PackedRevocations } from '../../pki/crl-packed-revocations.ts';
import type { CrlEntriesReply, CrlEntriesRequest } from './crl-entries-protocol.ts';

type Body<Request> = Request extends unknown ? Omit<Request, 'id'> : never;

interface Pending {
  resolve(parts: Uint8Array[]): void;
  reject(error: Error): void;
}

/**
 * The encoded CRL entries of all authorities, in a thread of their own: a million of them are encoded while OCSP is
 * answered. What comes back are views on shared memory that never change. When the thread dies, each call rejects and
 * the entries are gone: they are read again from the status history into a new object.
 */
export class CrlEntries {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #dead: Error | undefined;

  constructor() {
    this.#worker = new Worker(workerUrl());
    this.#worker.unref();
    this.#worker.on('message', (reply: CrlEntriesReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`the thread of the CRL entries ended (${code})`)));
  }

  /** Begins an authority's list, empty. */
  async open(authorityId: string, shards: number): Promise<void> {
    await this.#ask({ kind: 'open', authorityId, shards });
  }

  /** Takes entries off the list, then adds or changes others. */
  async change(
    authorityId: string,
    put: PackedRevocations,
    remove: readonly Uint8Array[] = [],
  ): Promise<void> {
    await this.#ask({ kind: 'change', authorityId, put, remove });
  }

  /** The encoded entries of a shard, or of all shards, as of the last change that was asked for before. */
  parts(authorityId: string, shard?: number): Promise<Uint8Array[]> {
    return this.#ask({ kind: 'parts', authorityId, ...(shard !== undefined && { shard }) });
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

/** Beside this file: compiled, or TypeScript, for which a thread must register the loader by itself. */
function workerUrl(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./crl-entries-worker.js', import.meta.url);
  const loader = import.meta.resolve('tsx/esm/api');
  const worker = new URL('./crl-entries-worker.ts', import.meta.url).href;
  const module = `import { register } from '${loader}'; register(); await import('${worker}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(module)}`);
}
