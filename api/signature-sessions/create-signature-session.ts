import { Type } from 'typebox';
import type { Static } from 'typebox';

import { canonicalJson } from '../../core/canonical-json.ts';
import { parseCouncilNumber } from '../../core/council-number.ts';
import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { DOCUMENT_FORMATS } from '../../signing/assemble-signature.ts';
import { PDF_MEDIA_TYPE, STRUCTURED_MEDIA_TYPES } from '../../signing/display/display-document.ts';
import { createSession } from '../../signing/sessions/create-session.ts';
import type { OpenedSession } from '../../signing/sessions/create-session.ts';
import type { CredentialReference } from '../../signing/sessions/credential.ts';
import { DOCUMENT_OCTETS_MAX } from '../../signing/sessions/read-documents.ts';
import type { DocumentInput } from '../../signing/sessions/read-documents.ts';
import { SESSION_LEVELS } from '../../signing/sessions/session-level.ts';
import { DOCUMENTS_MAX } from '../../signing/sessions/session.ts';
import type { ApiServices } from '../api-services.ts';
import { CouncilNumberSchema, IdempotencyHeaders, problems } from '../schemas.ts';
import { relyingPartyOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { SignatureSessionView, viewOfSession } from './session-view.ts';

const closed = { additionalProperties: false };

const Title = Type.String({ minLength: 1, maxLength: 120, description: 'How the phone lists the document' });

const Content = Type.String({
  minLength: 4,
  maxLength: Math.ceil(DOCUMENT_OCTETS_MAX / 3) * 4,
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
  description: 'The exact octets, base64',
});

const DisplayText = Type.String({
  minLength: 1,
  maxLength: 4_000,
  description: 'What the holder reads instead of the document',
});

const DocumentSchema = Type.Union([
  Type.Object(
    {
      title: Title,
      mediaType: Type.Enum(STRUCTURED_MEDIA_TYPES, {
        description:
          'application/json is the social-security prescription, signed in its canonical form (RFC 8785)',
      }),
      content: Content,
    },
    closed,
  ),
  Type.Object(
    {
      title: Title,
      mediaType: Type.Literal(PDF_MEDIA_TYPE),
      content: Content,
      displayText: DisplayText,
    },
    { ...closed, description: 'With format pades: signed within itself; the holder can open it' },
  ),
  Type.Object(
    {
      title: Title,
      sha256: Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: 'Of what is signed, hexadecimal' }),
      displayText: DisplayText,
    },
    closed,
  ),
]);

const HolderSchema = Type.Union([
  Type.Object({ councilNumber: CouncilNumberSchema }, closed),
  Type.Object({ nationalId: Type.String({ maxLength: 20 }) }, closed),
  Type.Object({ certificateSha256: Type.String({ pattern: '^[0-9a-fA-F]{64}$' }) }, closed),
]);

const body = Type.Object(
  {
    holder: Type.Optional(HolderSchema),
    pairing: Type.Optional(
      Type.Boolean({
        description:
          'Only the phone that scans the code of the answer gets the request; without holder, whoever scans it',
      }),
    ),
    format: Type.Enum(DOCUMENT_FORMATS, { default: 'cades' }),
    level: Type.Enum(SESSION_LEVELS, {
      default: 'B-B',
      description:
        'B-T with a time stamp, B-LT with all that validation asks for; added once the phone has signed',
    }),
    documents: Type.Array(DocumentSchema, { minItems: 1, maxItems: DOCUMENTS_MAX }),
    callbackUrl: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);

/** Base64 of all documents, and what stands around it. */
const BODY_OCTETS_MAX = Math.ceil(DOCUMENT_OCTETS_MAX / 3) * 4 + 128 * 1024;

export function createSignatureSessionRoute(
  app: TypedApp,
  services: Pick<ApiServices, 'signing' | 'consoleUrl'>,
): void {
  app.post(
    '/signature-sessions',
    {
      config: {
        access: 'relying-party',
        rateLimit: {
          max: () => services.signing.sessionsPerMinute,
          timeWindow: '1 minute',
          // By who asks and not from where; known once access has been checked, and before the body is read.
          hook: 'preParsing',
          keyGenerator: (request) => relyingPartyOf(request).id,
        },
      },
      bodyLimit: BODY_OCTETS_MAX,
      schema: {
        operationId: 'create-signature-session',
        tags: ['signature sessions'],
        summary: 'Ask a holder for a signature on the phone; up to 20 documents, approved together',
        headers: IdempotencyHeaders,
        body,
        response: { 201: SignatureSessionView, ...problems },
      },
    },
    async (request, reply) => {
      const { holder, documents, callbackUrl, format, level, pairing = false } = request.body;
      if (!holder && !pairing)
        throw new DomainError('holder-missing', 'name a holder, or ask for a code to be scanned');
      const idempotencyKey = request.headers['idempotency-key'];
      const session = await createSession(services.signing.sessions, relyingPartyOf(request), {
        ...(holder && { credential: referenceOf(holder) }),
        isPaired: pairing,
        format,
        level,
        documents: documents.map(documentOf),
        ...(callbackUrl !== undefined && { callbackUrl }),
        ...(idempotencyKey !== undefined && { idempotencyKey }),
        requestSha256: digest('sha256', Buffer.from(canonicalJson(request.body))),
      });
      return reply
        .code(201)
        .header('location', `/api/v1/signature-sessions/${session.id}`)
        .send(viewOfSession({ session }, pairingUriOf(services, session)));
    },
  );
}

/** The secret stands in the fragment: it goes to no server, and into no log. */
function pairingUriOf(
  { consoleUrl }: Pick<ApiServices, 'consoleUrl'>,
  { pairingSecret }: OpenedSession,
): string | undefined {
  return pairingSecret === undefined ? undefined : `${consoleUrl}/phone#pair=${pairingSecret}`;
}

function referenceOf(holder: Static<typeof HolderSchema>): CredentialReference {
  if ('councilNumber' in holder) return { councilNumber: parseCouncilNumber(holder.councilNumber) };
  if ('nationalId' in holder) return { nationalId: parseNationalId(holder.nationalId) };
  return { certificateSha256: Buffer.from(holder.certificateSha256, 'hex') };
}

function documentOf(document: Static<typeof DocumentSchema>): DocumentInput {
  return 'content' in document
    ? { ...document, content: Buffer.from(document.content, 'base64') }
    : { ...document, sha256: Buffer.from(document.sha256, 'hex') };
}
