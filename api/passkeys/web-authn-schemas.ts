// JSON of WebAuthn L3 §5.1: what browsers hand to `PublicKeyCredential.parse…FromJSON` and get from `toJSON`. Bounded here;
// what is in it is verified by the ceremony.
import { Type } from 'typebox';

const Base64Url = (maxLength: number) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_-]*$' });

/** Credential ids have 1023 octets at most (WebAuthn L2 §4). */
const CredentialId = Type.String({ minLength: 1, maxLength: 1364, pattern: '^[A-Za-z0-9_-]+$' });

const common = {
  id: CredentialId,
  rawId: CredentialId,
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(Type.String({ maxLength: 40 })),
  clientExtensionResults: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 20 }),
};

/** Browsers add members as the standard grows: what is not known here is let through and not looked at. */
export const AuthenticationResponse = Type.Object(
  {
    ...common,
    response: Type.Object({
      clientDataJSON: Base64Url(8192),
      authenticatorData: Base64Url(4096),
      signature: Base64Url(2048),
      userHandle: Type.Optional(Base64Url(200)),
    }),
  },
  { description: 'AuthenticationResponseJSON, WebAuthn L3 §5.1' },
);

export const RegistrationResponse = Type.Object(
  {
    ...common,
    response: Type.Object({
      clientDataJSON: Base64Url(8192),
      attestationObject: Base64Url(65_536),
      transports: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 10 })),
    }),
  },
  { description: 'RegistrationResponseJSON, WebAuthn L3 §5.1' },
);

const Descriptors = Type.Array(
  Type.Object({
    id: Type.String(),
    type: Type.String(),
    transports: Type.Optional(Type.Array(Type.String())),
  }),
);

export const RequestOptions = Type.Object(
  {
    challenge: Type.String(),
    rpId: Type.String(),
    timeout: Type.Optional(Type.Integer()),
    userVerification: Type.String(),
    allowCredentials: Type.Optional(Descriptors),
  },
  { description: 'PublicKeyCredentialRequestOptionsJSON, WebAuthn L3 §5.1' },
);

export const CreationOptions = Type.Object(
  {
    challenge: Type.String(),
    rp: Type.Object({ id: Type.String(), name: Type.String() }),
    user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
    pubKeyCredParams: Type.Array(Type.Object({ alg: Type.Integer(), type: Type.String() })),
    timeout: Type.Optional(Type.Integer()),
    excludeCredentials: Type.Optional(Descriptors),
    authenticatorSelection: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    attestation: Type.Optional(Type.String()),
    extensions: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    hints: Type.Optional(Type.Array(Type.String())),
  },
  { description: 'PublicKeyCredentialCreationOptionsJSON, WebAuthn L3 §5.1' },
);
