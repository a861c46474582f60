import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { workerUrl } from '../worker-url.ts';
import type { SeedRequest } from './request-worker.ts';

/** Makes requests in a thread, some ahead of who asks. */
export class RequestMaker {
  readonly #worker = new Worker(workerUrl('request-worker', import.meta.url));
  #next: Promise<SeedRequest[]> | undefined;

  /** So many requests; as many are being made for the next time. */
  async take(count: number): Promise<SeedRequest[]> {
    const ready = (await this.#next) ?? [];
    const requests = ready.length >= count ? ready : [...ready, ...(await this.#make(count - ready.length))];
    this.#next = this.#make(count);
    // Awaited when it is taken; until then its failure is nobody's.
    this.#next.catch(() => undefined);
    return requests.slice(0, count);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #make(count: number): Promise<SeedRequest[]> {
    const made = once(this.#worker, 'message');
    this.#worker.postMessage(count);
    const [requests] = (await made) as [SeedRequest[]];
    return requests;
  }
}
