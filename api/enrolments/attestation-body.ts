import { Type } from 'typebox';

import {
  ATTESTATION_FORMATS,
  KEY_HARDWARE,
  STATEMENT_OCTETS_MAX,
  STATEMENT_PARTS_MAX,
} from '../../pki/attestation/key-attestation.ts';
import type {
  AttestationFormat,
  AttestationVerdict,
  KeyHardware,
} from '../../pki/attestation/key-attestation.ts';
import type { ShownAttestation } from '../../ra/enrolment/shown-attestation.ts';
import { Instant } from '../schemas.ts';

/** What a phone shows for its key. */
export const AttestationBody = Type.Object(
  {
    format: Type.Unsafe<AttestationFormat>(Type.Enum([...ATTESTATION_FORMATS])),
    challenge: Type.String({
      pattern: '^[A-Za-z0-9_-]{43}$',
      description: 'The one that was asked for, base64url',
    }),
    statement: Type.Array(
      Type.String({
        minLength: 1,
        maxLength: Math.ceil(STATEMENT_OCTETS_MAX / 3) * 4,
        pattern: '^[A-Za-z0-9+/]+={0,2}$',
      }),
      {
        minItems: 1,
        maxItems: STATEMENT_PARTS_MAX,
        description:
          'android-key: the certificates, DER, base64, the key’s own first. apple-appattest: the attestation object',
      },
    ),
  },
  { additionalProperties: false },
);

/** What came of it, in an answer. */
export const VerdictView = {
  keyHardware: Type.Optional(
    Type.Unsafe<KeyHardware>(Type.Enum([...KEY_HARDWARE], { description: 'What the attestation proved' })),
  ),
  attestationFault: Type.Optional(Type.String({ description: 'Why the attestation proved nothing' })),
};

export const ChallengeView = Type.Object({
  challenge: Type.String({ description: '32 octets, base64url' }),
  expiresAt: Instant,
});

export function shownIn({
  format,
  challenge,
  statement,
}: {
  format: AttestationFormat;
  challenge: string;
  statement: string[];
}): ShownAttestation {
  return {
    format,
    challenge: Buffer.from(challenge, 'base64url'),
    statement: statement.map((part) => Buffer.from(part, 'base64')),
  };
}

export function viewOfVerdict(verdict: AttestationVerdict) {
  return 'hardware' in verdict ? { keyHardware: verdict.hardware } : { attestationFault: verdict.fault };
}
