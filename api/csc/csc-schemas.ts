// Members that several methods share, as in the tables of CSC API v2.0.0.2 §11. Members that are not known are let through: a later
// version of the specification adds some.
import { Type } from 'typebox';

export const ClientData = Type.Optional(
  Type.String({ maxLength: 500, description: 'Of the client; with the same request, the same answer' }),
);

export const Lang = Type.Optional(Type.String({ maxLength: 35, examples: ['fa-IR', 'en-US'] }));

export const CredentialID = Type.String({
  maxLength: 100,
  description: 'SHA-256 over the certificate, hexadecimal',
});

export const Certificates = Type.Optional(Type.Enum(['none', 'single', 'chain'], { default: 'single' }));

export const Sad = Type.Optional(Type.String({ maxLength: 200 }));

const Strings = Type.Array(Type.String());

export const CredentialView = {
  description: Type.String(),
  key: Type.Object({
    status: Type.Enum(['enabled', 'disabled']),
    algo: Strings,
    len: Type.Integer(),
    curve: Type.Optional(Type.String()),
  }),
  cert: Type.Object({
    status: Type.Enum(['valid', 'expired', 'revoked', 'suspended']),
    certificates: Type.Optional(Strings),
    issuerDN: Type.Optional(Type.String()),
    serialNumber: Type.Optional(Type.String()),
    subjectDN: Type.Optional(Type.String()),
    validFrom: Type.Optional(Type.String()),
    validTo: Type.Optional(Type.String()),
  }),
  auth: Type.Object({
    mode: Type.Enum(['explicit', 'oauth2code']),
    expression: Type.Optional(Type.String()),
    objects: Type.Optional(Type.Array(Type.Record(Type.String(), Type.String()))),
  }),
  SCAL: Type.Literal('2'),
  multisign: Type.Integer(),
  lang: Type.String(),
};

export const SignedHashesView = { signatures: Type.Optional(Strings) };

export const SignedDocumentsView = {
  DocumentWithSignature: Type.Optional(Strings),
  SignatureObject: Type.Optional(Strings),
};
