import { Type } from 'typebox';

import { CALLBACK_URLS_MAX, PATIENT_VIEWS } from '../../signing/relying-parties/relying-party.ts';
import type { RelyingPartyWithCredentials } from '../../signing/relying-parties/relying-party.ts';
import { Instant } from '../schemas.ts';

/** Whoever runs the CA says who may ask, and what the holder reads of them. */
export const MANAGING_ROLES = ['ca-operator'] as const;
export const READING_ROLES = ['ca-operator', 'security-officer', 'auditor'] as const;

export const RelyingPartyId = Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$', examples: ['his-tehran-1'] });
export const RelyingPartyParams = Type.Object({ relyingParty: RelyingPartyId });

export const relyingPartyTerms = {
  displayedName: Type.String({
    minLength: 1,
    maxLength: 80,
    description: 'What the holder reads on the phone of who asks',
  }),
  patientView: Type.Enum(PATIENT_VIEWS, {
    description: 'Whether the phone shows the patient masked, or whole',
  }),
  callbackUrls: Type.Array(Type.String({ maxLength: 500 }), {
    maxItems: CALLBACK_URLS_MAX,
    description: 'Whole https addresses, one of which a session may name',
  }),
};

export const MayHandInDigests = Type.Boolean({
  description: 'Whether it may have digests of its own signed (signatures/signHash of the CSC API)',
});

export const RelyingPartyView = Type.Object({
  id: RelyingPartyId,
  ...relyingPartyTerms,
  mayHandInDigests: MayHandInDigests,
  version: Type.Integer({ description: 'Sent back with a change' }),
  registeredAt: Instant,
  disabledAt: Type.Optional(Instant),
  credentials: Type.Array(
    Type.Object({
      kind: Type.Enum(['jwk', 'certificate']),
      keyId: Type.String({ description: 'RFC 7638 thumbprint of the key, or SHA-256 of the certificate' }),
      addedAt: Instant,
      notAfter: Type.Optional(Instant),
    }),
  ),
});

export function viewOfRelyingParty(party: RelyingPartyWithCredentials) {
  const { id, displayedName, patientView, callbackUrls, mayHandInDigests, ...rest } = party;
  const { version, registeredAt, disabledAt, credentials } = rest;
  return {
    id,
    displayedName,
    patientView,
    callbackUrls: [...callbackUrls],
    mayHandInDigests,
    version,
    registeredAt: registeredAt.toISOString(),
    ...(disabledAt && { disabledAt: disabledAt.toISOString() }),
    credentials: credentials.map((credential) => ({
      kind: credential.kind,
      keyId: credential.keyId,
      addedAt: credential.addedAt.toISOString(),
      ...(credential.kind === 'certificate' && { notAfter: credential.notAfter.toISOString() }),
    })),
  };
}
