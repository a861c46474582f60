import t from 'tap';

import { gatherQuestions } from '../../core/gathered-questions.ts';
import { DomainError } from '../../core/errors.ts';
import { failedResult, validateChunk } from '../../validation/batch/batch-result.ts';
import type { BatchDocument, BatchResult } from '../../validation/batch/batch-result.ts';
import { validateInOrder } from '../../validation/batch/validate-in-order.ts';

t.test('results come in the order of the documents, whoever is ready first', async (t) => {
  const chunks: { documents: readonly BatchDocument[]; finish(): void }[] = [];
  const validate = (documents: readonly BatchDocument[]) =>
    new Promise<BatchResult[]>((resolve) => {
      chunks.push({ documents, finish: () => resolve(documents.map(({ reference }) => passed(reference))) });
      // The second chunk is ready before the first.
      if (chunks.length === 2) for (const { finish } of chunks.toReversed()) finish();
      if (chunks.length > 2) chunks.at(-1)!.finish();
    });
  const references: string[] = [];
  for await (const results of validateInOrder(documents(200), validate, 2))
    references.push(...results.map(({ reference }) => reference));
  t.strictSame(
    references,
    Array.from({ length: 200 }, (_, index) => String(index)),
  );
  t.ok(chunks.every(({ documents: { length } }) => length <= 64));
});

t.test('reads no further than is under way', async (t) => {
  let read = 0;
  async function* source() {
    for (const one of Array.from({ length: 10_000 }, (_, index) => documentOf(String(index)))) {
      read += 1;
      yield one;
    }
  }
  const results = validateInOrder(
    source(),
    async (some) => some.map(({ reference }) => passed(reference)),
    3,
  );
  await results.next();
  await results.next();
  // Two that were taken, three that are under way, one that is being gathered, and the next document.
  t.ok(read <= 6 * 64 + 1, `${read} documents`);
  await results.return(undefined);
  const stopped = read;
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(read, stopped, 'and stops with who takes');
});

t.test('what is a result already keeps its place, and is not validated', async (t) => {
  async function* source() {
    yield documentOf('a');
    yield failedResult('b', { code: 'file-unreadable', detail: 'gone' });
    yield documentOf('c');
  }
  const seen: string[] = [];
  const validate = async (some: readonly BatchDocument[]) => {
    seen.push(...some.map(({ reference }) => reference));
    return some.map(({ reference }) => passed(reference));
  };
  const all = [];
  for await (const results of validateInOrder(source(), validate, 2)) all.push(...results);
  t.match(all, [
    { reference: 'a', hasPassed: true },
    { reference: 'b', hasPassed: false },
    { reference: 'c' },
  ]);
  t.strictSame(seen, ['a', 'c']);
});

t.test('a failure of the source or of the threads ends it', async (t) => {
  const failing = validateInOrder(
    documents(200),
    async () => Promise.reject(new Error('the thread ended')),
    2,
  );
  await t.rejects(failing.next(), { message: 'the thread ended' });
  async function* broken() {
    yield documentOf('a');
    throw new Error('the connection ended');
  }
  const results = validateInOrder(
    broken(),
    async (some) => some.map(({ reference }) => passed(reference)),
    2,
  );
  await t.rejects(
    async () => {
      for await (const some of results) t.ok(some.length > 0);
    },
    { message: 'the connection ended' },
  );
});

t.test('a refusal is a result, a bug is none', async (t) => {
  const refuse = async () => Promise.reject(new DomainError('cms-malformed', 'no SignedData'));
  t.match(await validateChunk([documentOf('a')], refuse), [
    { reference: 'a', hasPassed: false, line: /cms-malformed/ },
  ]);
  await t.rejects(
    validateChunk([documentOf('a')], async () => Promise.reject(new TypeError('a bug'))),
    TypeError,
  );
});

t.test('questions of one turn are asked together, and each has its answer', async (t) => {
  const asked: number[][] = [];
  const square = gatherQuestions(async (numbers: readonly number[]) => {
    asked.push([...numbers]);
    if (numbers.includes(13)) throw new Error('not this one');
    return numbers.map((number) => number * number);
  }, 3);
  t.strictSame(await Promise.all([1, 2, 3, 4].map(square)), [1, 4, 9, 16]);
  t.strictSame(asked, [[1, 2, 3], [4]], 'no more at once than may be');
  t.equal(await square(5), 25, 'nothing is kept: it is asked anew');
  t.equal(await square(5), 25);
  t.equal(asked.length, 4);
  await t.rejects(Promise.all([12, 13].map(square)), { message: 'not this one' });
});

async function* documents(count: number): AsyncGenerator<BatchDocument> {
  for (let index = 0; index < count; index += 1) yield documentOf(String(index));
}

function documentOf(reference: string): BatchDocument {
  return { reference, document: { signature: Buffer.from('x') } };
}

function passed(reference: string): BatchResult {
  return { reference, hasPassed: true, line: '{}' };
}
