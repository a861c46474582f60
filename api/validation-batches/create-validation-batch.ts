import { Readable } from 'node:stream';

import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';

import { DomainError } from '../../core/errors.ts';
import { failedResult } from '../../validation/batch/batch-result.ts';
import type { BatchDocument, BatchResult } from '../../validation/batch/batch-result.ts';
import { validateInOrder } from '../../validation/batch/validate-in-order.ts';
import type { ChunkValidator } from '../../validation/batch/validate-in-order.ts';
import { ValidationError } from '../../validation/validation-error.ts';
import { problems } from '../schemas.ts';
import { relyingPartyOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { DOCUMENT_BODY_OCTETS_MAX, ValidationBody, handedInDocument } from '../validations/document-body.ts';
import { batchLines } from './batch-lines.ts';
import type { BatchLine } from './batch-lines.ts';

const MEDIA_TYPE = 'application/x-ndjson';
/** An insurer's month in some parts; a connection need not last longer. */
const DOCUMENTS_MAX = 100_000;

const Line = Type.Object(
  { ...ValidationBody.properties, reference: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);
const lines = Compile(Line);

/** Give it an app of its own: its body is read as it comes. */
export function createValidationBatchRoute(app: TypedApp, services: { validateChunk: ChunkValidator }): void {
  const underWay = new Set<string>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(MEDIA_TYPE, (_request, body, done) => done(null, body));
  app.post(
    '/validation-batches',
    {
      config: { access: 'relying-party', isExchange: true },
      schema: {
        operationId: 'create-validation-batch',
        tags: ['validations'],
        summary:
          'Validate many documents: a JSON object a line, as /validations takes it, with a reference of the caller',
        description:
          `At most ${DOCUMENTS_MAX} lines of ${DOCUMENT_BODY_OCTETS_MAX} octets. The answer has a line for each, in their order: the reference and the report, ` +
          'or `error` with a code where there is none; a line that cannot be read has `line:<number>` for its reference. Results come while lines go: ' +
          'read while you send. The body may take as long as it comes at 128 kbit/s or more. One batch of a relying party at a time.',
        consumes: [MEDIA_TYPE],
        produces: [MEDIA_TYPE],
        response: problems,
      },
    },
    async (request, reply) => {
      if (!(request.body instanceof Readable))
        throw new ValidationError('batch-line-malformed', `the body is no ${MEDIA_TYPE}`);
      enter(underWay, relyingPartyOf(request).id, reply);
      const { validate, chunksMax } = services.validateChunk;
      const results = validateInOrder(documentsOf(request.body), validate, chunksMax);
      return reply.type(MEDIA_TYPE).send(Readable.from(pieces(results), { objectMode: false }) as never);
    },
  );
}

/** Throws ValidationError `batch-under-way`: validation has a share of the machine, and a caller a share of it. */
function enter(underWay: Set<string>, relyingParty: string, { raw }: FastifyReply): void {
  if (underWay.has(relyingParty))
    throw new ValidationError('batch-under-way', 'another batch of this relying party is under way');
  underWay.add(relyingParty);
  raw.once('close', () => underWay.delete(relyingParty));
}

async function* documentsOf(body: AsyncIterable<Buffer>): AsyncGenerator<BatchDocument | BatchResult> {
  let count = 0;
  for await (const line of batchLines(body, DOCUMENT_BODY_OCTETS_MAX)) {
    count += 1;
    if (count > DOCUMENTS_MAX) {
      const detail = `more than ${DOCUMENTS_MAX} documents: the rest was not read`;
      yield failedResult(`line:${line.number}`, { code: 'batch-too-long', detail });
      return;
    }
    yield documentOf(line);
  }
}

function documentOf({ number, text }: BatchLine): BatchDocument | BatchResult {
  let reference = `line:${number}`;
  try {
    const { reference: own, ...body } = readLine(text);
    reference = own;
    return { reference, document: handedInDocument(body) };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    return failedResult(reference, cause);
  }
}

function readLine(text: string | undefined): Static<typeof Line> {
  if (text === undefined)
    throw new ValidationError(
      'batch-line-malformed',
      `the line has more than ${DOCUMENT_BODY_OCTETS_MAX} octets`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ValidationError('batch-line-malformed', 'the line is no JSON', { cause });
  }
  if (lines.Check(value)) return value;
  const [fault] = lines.Errors(value);
  throw new ValidationError(
    'batch-line-malformed',
    `${fault?.instancePath || 'the line'} ${fault?.message ?? ''}`.trim(),
  );
}

async function* pieces(results: AsyncIterable<readonly BatchResult[]>): AsyncGenerator<string> {
  for await (const some of results) yield some.map(({ line }) => `${line}\n`).join('');
}
