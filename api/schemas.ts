// Parts that several operations share; OpenAPI is made from the same schemas.
import { Type } from 'typebox';

const closed = { additionalProperties: false };

const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable code of the refusal' }),
    detail: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), detail: Type.String() }))),
    requestId: Type.Optional(
      Type.String({ description: 'Names this request in the log of the service; also in X-Request-Id' }),
    ),
  },
  { description: 'Problem details, RFC 9457' },
);

const ProblemResponse = {
  description: 'Problem details, RFC 9457',
  content: { 'application/problem+json': { schema: ProblemSchema } },
};

/** Responses that every operation may give. */
export const problems = { '4xx': ProblemResponse, '5xx': ProblemResponse };

/** RFC 3339 with the zone. */
export const Instant = Type.String({ format: 'date-time' });

/** Without the `urn:uuid:` that the format admits as well and the database does not. */
export const Uuid = Type.String({ format: 'uuid', pattern: '^[0-9a-fA-F-]{36}$' });

export const AuthorityId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$', examples: ['bronze'] });

export const SerialHex = Type.String({
  pattern: '^([0-9a-fA-F]{2}){1,20}$',
  description: 'Serial number, hexadecimal',
});

export const SearchText = Type.String({ minLength: 1, maxLength: 100 });

export const PageLimit = Type.Integer({ minimum: 1, maximum: 200, default: 50 });

export const CouncilNumberSchema = Type.Object(
  { group: Type.String({ maxLength: 40, examples: ['physician'] }), digits: Type.String({ maxLength: 20 }) },
  closed,
);

export const ApplicantSchema = Type.Object(
  {
    nationalId: Type.String({ maxLength: 20 }),
    givenName: Type.String({ maxLength: 100 }),
    surname: Type.String({ maxLength: 100 }),
    latinName: Type.String({ maxLength: 100 }),
    councilNumber: CouncilNumberSchema,
  },
  closed,
);

/** The same before it is filed: whole or not. */
export const ApplicantDraftSchema = Type.Object(
  {
    nationalId: Type.Optional(Type.String({ maxLength: 20 })),
    givenName: Type.Optional(Type.String({ maxLength: 100 })),
    surname: Type.Optional(Type.String({ maxLength: 100 })),
    latinName: Type.Optional(Type.String({ maxLength: 100 })),
    councilNumber: Type.Optional(
      Type.Object(
        {
          group: Type.Optional(Type.String({ maxLength: 40 })),
          digits: Type.Optional(Type.String({ maxLength: 20 })),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** What a browser makes for a form, so that the form is filed once however often it is sent. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, pattern: '^[\\x21-\\x7e]+$' }),
  ),
});

export const StatusSchema = Type.Object({
  kind: Type.Enum(['good', 'revoked']),
  revokedAt: Type.Optional(Instant),
  reason: Type.Optional(Type.String({ examples: ['certificateHold', 'keyCompromise'] })),
  invalidityDate: Type.Optional(Instant),
});
