import { setTimeout as delay } from 'node:timers/promises';

import type { BatchDocument, BatchResult } from './batch-result.ts';

/** Validates some documents, e.g. in another thread; results are in their order. */
export type ValidateChunk = (documents: readonly BatchDocument[]) => Promise<readonly BatchResult[]>;

/** Validates many documents at once; `chunksMax` chunks under way keep all of it at work. */
export interface ChunkValidator {
  validate: ValidateChunk;
  chunksMax: number;
}

/** Enough to ask the database for together, and little enough to hand over at once. */
const CHUNK_DOCUMENTS_MAX = 64;
const CHUNK_OCTETS_MAX = 4 * 2 ** 20;
/** A document waits no longer for others to come. */
const CHUNK_MILLISECONDS_MAX = 20;

/**
 * Validates what comes, some chunks at a time, and yields the results of each chunk in the order of the documents, as soon as they are there. It reads on
 * only while fewer than `chunksMax` are under way: whoever is slow to take results slows down the reading, and memory stays as it is
 * however many come. What is a result already (a line or a file that cannot be read) keeps its place.
 */
export async function* validateInOrder(
  documents: AsyncIterable<BatchDocument | BatchResult>,
  validateChunk: ValidateChunk,
  chunksMax: number,
): AsyncGenerator<readonly BatchResult[]> {
  const chunks = chunksOf(documents);
  const underWay: Promise<readonly BatchResult[]>[] = [];
  let coming: Promise<IteratorResult<Chunk, void>> | undefined = chunks.next();
  try {
    while (coming ?? underWay.length > 0) {
      if (!coming || underWay.length >= chunksMax || (await isFirst(underWay.at(0), coming))) {
        yield await underWay.shift()!;
        continue;
      }
      const next: IteratorResult<Chunk, void> = await coming;
      coming = next.done ? undefined : chunks.next();
      if (!next.done) underWay.push(settled(resultsOf(next.value, validateChunk)));
    }
  } finally {
    // Who stops taking results, or fails, leaves nothing behind that works on.
    await Promise.allSettled([...underWay, chunks.return()]);
  }
}

type Chunk = (BatchDocument | BatchResult)[];

/** Whether results are there before more documents are. */
async function isFirst(results: Promise<unknown> | undefined, coming: Promise<unknown>): Promise<boolean> {
  if (!results) return false;
  return Promise.race([results.then(() => true), coming.then(() => false)]);
}

/** It is awaited later, perhaps after another one has failed. */
function settled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

async function* chunksOf(documents: AsyncIterable<BatchDocument | BatchResult>): AsyncGenerator<Chunk, void> {
  const iterator = documents[Symbol.asyncIterator]();
  try {
    let coming = iterator.next();
    for (;;) {
      const chunk = new GrowingChunk();
      while (chunk.hasRoom) {
        const next = await chunk.before(coming);
        if (next === 'too-late') break;
        if (next.done) {
          if (chunk.items.length > 0) yield chunk.items;
          return;
        }
        chunk.add(next.value);
        coming = settled(iterator.next());
      }
      yield chunk.items;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Takes documents until they are many or large enough, or the first one has waited long enough. */
class GrowingChunk {
  readonly items: Chunk = [];
  #octets = 0;
  #late: Promise<'too-late'> | undefined;

  get hasRoom(): boolean {
    return this.items.length < CHUNK_DOCUMENTS_MAX && this.#octets < CHUNK_OCTETS_MAX;
  }

  add(item: BatchDocument | BatchResult): void {
    this.items.push(item);
    this.#octets += 'document' in item ? octetsOf(item) : item.line.length;
    this.#late ??= delay(CHUNK_MILLISECONDS_MAX, 'too-late', { ref: false });
  }

  before<Next>(coming: Promise<Next>): Promise<Next | 'too-late'> {
    return this.#late ? Promise.race([coming, this.#late]) : coming;
  }
}

function octetsOf({ document: { signature, content, contentsByName } }: BatchDocument): number {
  const named = [...(contentsByName?.values() ?? [])].reduce((sum, { length }) => sum + length, 0);
  return signature.length + (content?.length ?? 0) + named;
}

async function resultsOf(chunk: Chunk, validateChunk: ValidateChunk): Promise<readonly BatchResult[]> {
  const documents = chunk.filter((one): one is BatchDocument => 'document' in one);
  const validated = documents.length > 0 ? await validateChunk(documents) : [];
  let next = 0;
  return chunk.map((one) => ('document' in one ? validated[next++] : one));
}
