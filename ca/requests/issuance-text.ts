import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Check } from 'typebox/value';

import { unreachable } from '../../core/errors.ts';
import { councilGroups } from '../../core/council-number.ts';
import { encodeKeyAttestation, parseKeyAttestation } from '../../pki/attestation/key-attestation.ts';
import type { ApprovalProof } from '../../pki/approval/approval-proof.ts';
import type { IssuanceAuthorization } from '../approval/issuance-authorization.ts';
import { CaError } from '../ca-error.ts';
import { SUBJECT_FIELDS } from '../profile.ts';
import type { AskedIssuance } from './asked-issuance.ts';

// Whoever wrote the text may be an attacker in the registration authority's process: what is not exactly of this form is not read,
// and what is read is believed no more than what a caller in this process hands over.

const closed = { additionalProperties: false };
const object = <T extends Parameters<typeof Type.Object>[0]>(members: T) => Type.Object(members, closed);
const Octets = Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: 262_144 });
const Instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });
const Name = Type.String({ minLength: 1, maxLength: 300 });

const Proof = Type.Union([
  object({
    method: Type.Literal('passkey'),
    credentialId: Octets,
    clientDataJson: Octets,
    authenticatorData: Octets,
    signature: Octets,
  }),
  object({ method: Type.Literal('certificate'), certificateSha256: Octets, signature: Octets }),
]);

const Activation = object({
  activationId: Name,
  usedAt: Instant,
  certificationRequest: Octets,
  attestation: Type.Optional(Octets),
});

const Authorization = Type.Union([
  object({
    kind: Type.Literal('approval'),
    document: Octets,
    proof: Proof,
    approvedAt: Instant,
    activation: Type.Optional(Activation),
  }),
  object({
    kind: Type.Literal('holder-signature'),
    renewalId: Name,
    document: Octets,
    signature: Octets,
    attestation: Type.Optional(Octets),
  }),
  object({ kind: Type.Literal('holder-session'), renewalId: Name, document: Octets }),
  object({
    kind: Type.Literal('officer-change-exemption'),
    changeId: Name,
    requestedBy: Name,
    confirmedBy: Name,
  }),
  object({ kind: Type.Literal('service-exemption') }),
]);

const SCHEMA = object({
  actor: object({
    kind: Type.Union(
      (['officer', 'service', 'anonymous', 'operator'] as const).map((kind) => Type.Literal(kind)),
    ),
    id: Name,
    officeId: Type.Optional(Name),
  }),
  request: object({
    authorityId: Name,
    profileId: Name,
    origin: Name,
    subjectPublicKeyInfo: Octets,
    subject: object(
      Object.fromEntries(SUBJECT_FIELDS.map((field) => [field, Type.Optional(Name)])) as Record<
        (typeof SUBJECT_FIELDS)[number],
        ReturnType<typeof Type.Optional<typeof Name>>
      >,
    ),
    councilNumber: Type.Optional(
      object({
        group: Type.Union(councilGroups.map(({ code }) => Type.Literal(code))),
        digits: Type.String({ pattern: '^[1-9][0-9]{0,9}$' }),
      }),
    ),
    replaces: Type.Optional(object({ authorityId: Name, serialNumber: Octets })),
    isRenewal: Type.Optional(Type.Literal(true)),
    authorization: Authorization,
  }),
});

type AuthorizationText = Static<typeof Authorization>;
type ProofText = Static<typeof Proof>;

/** Writes what a CA in another process is asked to certify; throws CaError `authorization-missing` for what none may be asked. */
export function encodeAskedIssuance({ request, actor }: AskedIssuance): string {
  const { authorization, replaces, ...rest } = request;
  if (!authorization || authorization.kind === 'campaign-exemption')
    throw new CaError('authorization-missing', 'nothing that another process may be shown lets the CA issue');
  const text = {
    actor,
    request: {
      ...rest,
      subjectPublicKeyInfo: written(request.subjectPublicKeyInfo),
      ...(replaces && { replaces: { ...replaces, serialNumber: written(replaces.serialNumber) } }),
      authorization: authorizationText(authorization),
    },
  };
  return JSON.stringify(text);
}

/** Reads it; throws CaError `request-unreadable`. */
export function parseAskedIssuance(text: string): AskedIssuance {
  const value = readJson(text);
  if (!Check(SCHEMA, value)) throw unreadable();
  const { authorization, replaces, ...rest } = value.request;
  return {
    actor: value.actor,
    request: {
      ...rest,
      subjectPublicKeyInfo: read(rest.subjectPublicKeyInfo),
      ...(replaces && { replaces: { ...replaces, serialNumber: read(replaces.serialNumber) } }),
      authorization: authorizationOf(authorization),
    },
  };
}

function authorizationText(authorization: Exclude<IssuanceAuthorization, { kind: 'campaign-exemption' }>) {
  switch (authorization.kind) {
    case 'approval': {
      const { document, proof, approvedAt, activation } = authorization;
      return {
        kind: authorization.kind,
        document: written(document),
        proof: proofText(proof),
        approvedAt: approvedAt.toISOString(),
        ...(activation && {
          activation: {
            activationId: activation.activationId,
            usedAt: activation.usedAt.toISOString(),
            certificationRequest: written(activation.certificationRequest),
            ...(activation.attestation && {
              attestation: written(encodeKeyAttestation(activation.attestation)),
            }),
          },
        }),
      };
    }
    case 'holder-signature': {
      const { attestation, ...signed } = authorization;
      return {
        ...signed,
        document: written(signed.document),
        signature: written(signed.signature),
        ...(attestation && { attestation: written(encodeKeyAttestation(attestation)) }),
      };
    }
    case 'holder-session':
      return { ...authorization, document: written(authorization.document) };
    case 'officer-change-exemption':
    case 'service-exemption':
      return authorization;
    default:
      return unreachable(authorization);
  }
}

function authorizationOf(text: AuthorizationText): IssuanceAuthorization {
  switch (text.kind) {
    case 'approval':
      return {
        kind: text.kind,
        document: read(text.document),
        proof: proofOf(text.proof),
        approvedAt: new Date(text.approvedAt),
        ...(text.activation && {
          activation: {
            activationId: text.activation.activationId,
            usedAt: new Date(text.activation.usedAt),
            certificationRequest: read(text.activation.certificationRequest),
            ...(text.activation.attestation !== undefined && {
              attestation: parseKeyAttestation(read(text.activation.attestation)),
            }),
          },
        }),
      };
    case 'holder-signature': {
      const { attestation, ...signed } = text;
      return {
        ...signed,
        document: read(signed.document),
        signature: read(signed.signature),
        ...(attestation !== undefined && { attestation: parseKeyAttestation(read(attestation)) }),
      };
    }
    case 'holder-session':
      return { ...text, document: read(text.document) };
    case 'officer-change-exemption':
    case 'service-exemption':
      return text;
    default:
      return unreachable(text);
  }
}

function proofText(proof: ApprovalProof): ProofText {
  if (proof.method === 'certificate')
    return {
      method: proof.method,
      certificateSha256: written(proof.certificateSha256),
      signature: written(proof.signature),
    };
  return {
    method: proof.method,
    credentialId: written(proof.credentialId),
    clientDataJson: written(proof.clientDataJson),
    authenticatorData: written(proof.authenticatorData),
    signature: written(proof.signature),
  };
}

function proofOf(text: ProofText): ApprovalProof {
  if (text.method === 'certificate')
    return {
      method: text.method,
      certificateSha256: read(text.certificateSha256),
      signature: read(text.signature),
    };
  return {
    method: text.method,
    credentialId: read(text.credentialId),
    clientDataJson: read(text.clientDataJson),
    authenticatorData: read(text.authenticatorData),
    signature: read(text.signature),
  };
}

function written(octets: Buffer): string {
  return octets.toString('base64');
}

function read(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable();
  }
}

function unreadable(): CaError {
  return new CaError('request-unreadable', 'what the CA was asked is not of the form that it reads');
}
