import { Type } from 'typebox';
import type { Static } from 'typebox';

import { augmentForRelyingParty } from '../../signing/augment-for-relying-party.ts';
import type { AugmentationHouse, AugmentationRequest } from '../../signing/augment-for-relying-party.ts';
import { AUGMENTED_FORMATS } from '../../signing/augment-signature.ts';
import { SIGNATURE_LEVELS } from '../../signing/signature-level.ts';
import { problems } from '../schemas.ts';
import { relyingPartyOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';

const closed = { additionalProperties: false };

/** As for validations: prescriptions have some 20 KiB, scanned documents a few MiB. */
const DOCUMENT_CHARACTERS_MAX = 6_000_000;
const BODY_OCTETS_MAX = 2 * DOCUMENT_CHARACTERS_MAX + 4096;

const Base64 = (description: string) =>
  Type.String({
    minLength: 4,
    maxLength: DOCUMENT_CHARACTERS_MAX,
    pattern: '^[A-Za-z0-9+/=\\s]+$',
    description,
  });

const Format = Type.Enum(AUGMENTED_FORMATS.map(({ name }) => name));

const Body = Type.Object(
  {
    signature: Base64('The signature, or the document with its signatures, base64'),
    format: Type.Optional(
      Type.Enum(['auto', ...AUGMENTED_FORMATS.map(({ name }) => name)], { default: 'auto' }),
    ),
    level: Type.Enum(SIGNATURE_LEVELS, {
      description: 'Every level that is not reached yet is added; a signature at B-LTA is stamped once more',
    }),
    content: Type.Optional(Base64('The signed document, base64; needed when the signature is detached')),
    digest: Type.Optional(
      Type.Enum(['sha256', 'sha384', 'sha512'], { default: 'sha256', description: 'Of the time stamps' }),
    ),
  },
  closed,
);

const Augmented = Type.Object({
  format: Format,
  level: Type.Enum(SIGNATURE_LEVELS),
  signature: Type.String({ description: 'Base64' }),
});

/** `POST /augmentations`: adds time stamps and what it takes to validate a signature years later. */
export function createAugmentation(app: TypedApp, services: { augmentation: AugmentationHouse }): void {
  app.post(
    '/augmentations',
    {
      bodyLimit: BODY_OCTETS_MAX,
      config: { access: 'relying-party' },
      schema: {
        operationId: 'create-augmentation',
        tags: ['signatures'],
        summary: 'Lift a signature to B-T, B-LT or B-LTA',
        body: Body,
        response: { 200: Augmented, ...problems },
      },
    },
    async (request) => {
      const { body } = request;
      const document = Buffer.from(body.signature, 'base64');
      const party = relyingPartyOf(request);
      const { format, signature } = await augmentForRelyingParty(
        services.augmentation,
        party.id,
        document,
        requestOf(body),
      );
      return { format, level: body.level, signature: signature.toString('base64') };
    },
  );
}

function requestOf({ level, content, digest, format = 'auto' }: Static<typeof Body>): AugmentationRequest {
  return {
    level,
    ...(format !== 'auto' && { format }),
    ...(content !== undefined && { content: Buffer.from(content, 'base64') }),
    ...(digest && { digest }),
  };
}
