import { Type } from 'typebox';
import type { Static } from 'typebox';

import type { ValidationReport } from '../../validation/report.ts';
import { ValidationError } from '../../validation/validation-error.ts';
import { Instant, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ValidationReportSchema } from './validation-report-schema.ts';

/** What a relying party hands in; who trusts whom and which policy holds is the deployment's business. */
export interface ValidationRequest {
  signature: Buffer;
  content?: Buffer;
  contentsByName?: ReadonlyMap<string, Buffer>;
  receivedAt?: Date;
}

/** `validateDocument` with trust, policy, history and clock filled in. */
export type Validate = (request: ValidationRequest) => Promise<ValidationReport>;

/** Prescriptions have some 20 KiB, scanned documents a few MiB; an anonymous caller gets no more room than that. */
const DOCUMENT_CHARACTERS_MAX = 6_000_000;
const BODY_OCTETS_MAX = 2 * DOCUMENT_CHARACTERS_MAX + 4096;
const CONTENTS_MAX = 64;

/** Base64 with or without line breaks, as `base64` prints it. One class of characters: nothing to backtrack over. */
const Base64 = (description: string) =>
  Type.String({
    minLength: 4,
    maxLength: DOCUMENT_CHARACTERS_MAX,
    pattern: '^[A-Za-z0-9+/=\\s]+$',
    description,
  });

const Body = Type.Object(
  {
    signature: Base64(
      'The signature, or the document with its signatures, in base64; its format is detected: CMS SignedData (CAdES) as DER, BER or PEM',
    ),
    content: Type.Optional(Base64('The signed document, base64; needed when the signature is detached')),
    contents: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({
              minLength: 1,
              maxLength: 1024,
              description: 'As the signature refers to it',
            }),
            content: Base64('The document, base64'),
          },
          { additionalProperties: false },
        ),
        {
          maxItems: CONTENTS_MAX,
          description: 'Signed documents, where a detached signature is over several',
        },
      ),
    ),
    receivedAt: Type.Optional(
      Type.String({
        ...Instant,
        description: 'When the caller received the signature: its proof of existence',
      }),
    ),
  },
  { additionalProperties: false },
);

/** `POST /validations`: reads and changes nothing, so it is open to everybody. */
export function createValidation(app: TypedApp, { validate }: { validate: Validate }): void {
  app.post(
    '/validations',
    {
      bodyLimit: BODY_OCTETS_MAX,
      config: { access: 'public' },
      schema: {
        operationId: 'create-validation',
        tags: ['validations'],
        summary: 'Validate the signatures of a document against this deployment',
        body: Body,
        response: { 200: ValidationReportSchema, ...problems },
      },
    },
    async (request, reply) => {
      const report = await validate(requestOf(request.body));
      // The report names a person.
      reply.header('cache-control', 'no-store');
      return report;
    },
  );
}

function requestOf(body: Static<typeof Body>): ValidationRequest {
  return {
    signature: Buffer.from(body.signature, 'base64'),
    ...(body.content !== undefined && { content: Buffer.from(body.content, 'base64') }),
    ...(body.contents !== undefined && { contentsByName: byName(body.contents) }),
    ...(body.receivedAt !== undefined && { receivedAt: instantOf(body.receivedAt) }),
  };
}

function byName(contents: NonNullable<Static<typeof Body>['contents']>): Map<string, Buffer> {
  return new Map(contents.map(({ name, content }) => [name, Buffer.from(content, 'base64')]));
}

/** The date-time format admits leap seconds, which Date does not. */
function instantOf(text: string): Date {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) {
    throw new ValidationError(
      'received-at-malformed',
      'receivedAt is not a time that exists in UTC without leap seconds',
    );
  }
  return instant;
}
