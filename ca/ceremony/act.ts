import { Type } from 'typebox';
import type { Static } from 'typebox';

import { KEY_TYPES } from '../../pki/key-type.ts';

// What a reviewed file may say. Paths are relative to the file; a name that stands nowhere here is a fault.

const closed = { additionalProperties: false };
const oneOf = <T extends string>(values: readonly T[]) => Type.Unsafe<T>(Type.Enum([...values]));

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const Path = Text(1_024);
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Duration = Type.String({ pattern: '^P' });
/** UTC, whole seconds. */
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' });
const AuthorityId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' });
const OidText = Type.String({ pattern: '^[0-2](\\.(0|[1-9][0-9]*))+$' });

/** A file that was there when the act was reviewed: another one of the same name is refused. */
const ReviewedFile = Type.Object({ path: Path, sha256: Sha256 }, closed);

/** `file:<name>.key` in the key store's folder, or a `pkcs11:` URI. */
/** With `#<algorithm>` where an RSA key is not to sign in the default way. */
const KeyReference = Type.String({
  pattern: '^(file:[A-Za-z0-9._-]+\\.key|pkcs11:[^#]+)(#[a-z0-9-]+)?$',
  maxLength: 4_096,
});

/** A key; with `make` one that does not exist yet. */
const Key = Type.Object({ reference: KeyReference, make: Type.Optional(oneOf(KEY_TYPES)) }, closed);

/** Where a passphrase or PIN comes from; never from this file or from the environment. */
const SecretSource = Type.Union([
  Type.Object({ file: Path }, closed),
  Type.Object({ credential: Text(255) }, closed),
  Type.Object({ prompt: Type.Literal(true) }, closed),
]);

/** The key store of an offline machine. */
const KeyStore = Type.Object(
  {
    folder: Type.Optional(Path),
    passphrase: Type.Optional(SecretSource),
    pin: Type.Optional(SecretSource),
  },
  closed,
);

/** DeploymentNames of authority/authority.ts. */
const Names = Type.Object(
  {
    organization: Text(64),
    publicUrl: Type.String({ pattern: '^http://[^\\s?#]*[^\\s?#/]$', maxLength: 200 }),
    cpsUri: Type.String({ pattern: '^https?://\\S+$', maxLength: 200 }),
    oidArc: OidText,
    nationalPolicyArc: OidText,
    admissionAuthority: Text(200),
  },
  closed,
);

const ProfileReference = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
    version: Type.Integer({ minimum: 1 }),
    sha256: Type.Optional(Sha256),
    /** Folder of `<id>.yaml`; the profiles that ship with this version when absent. */
    folder: Type.Optional(Path),
  },
  closed,
);

const common = {
  /** The day of the act, UTC: a wrong clock, or a file taken out again later, is refused. */
  date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  title: Text(200),
  witnesses: Type.Array(Text(100), { minItems: 2, maxItems: 20, uniqueItems: true }),
  /** Folder of what is written. */
  output: Path,
  /** Key that signs the transcript; one is made in the key store's folder when absent. */
  transcriptKey: Type.Optional(Key),
};

const issuingAuthority = {
  id: AuthorityId,
  commonName: Text(64),
  assuranceLevel: Type.Integer({ minimum: 1, maximum: 4 }),
};

const OfflineIssuer = Type.Object({ id: AuthorityId, certificate: ReviewedFile, key: KeyReference }, closed);

/** A certificate above the imported one, from the root down. */
const ImportedIssuer = Type.Object(
  {
    id: AuthorityId,
    certificate: ReviewedFile,
    /** Ids of lints whose errors the reviewers accept in this certificate: nobody can change a national root. */
    acceptLints: Type.Optional(Type.Array(Text(64), { maxItems: 20, uniqueItems: true })),
  },
  closed,
);

const imported = {
  ...common,
  names: Names,
  profile: ProfileReference,
  key: KeyReference,
  request: ReviewedFile,
  certificate: ReviewedFile,
  issuers: Type.Array(ImportedIssuer, { minItems: 1, maxItems: 4 }),
};

const Revocation = Type.Object(
  {
    /** Contents octets, hexadecimal, as certificates and transcripts show them. */
    serialNumber: Type.String({ pattern: '^([0-9a-f]{2}){1,21}$' }),
    revokedAt: Instant,
    reason: oneOf([
      'unspecified',
      'keyCompromise',
      'cACompromise',
      'affiliationChanged',
      'superseded',
      'cessationOfOperation',
      'privilegeWithdrawn',
    ]),
    invalidityDate: Type.Optional(Instant),
  },
  closed,
);

/** One row per act. */
export const ACT_SCHEMAS = {
  'make-root': Type.Object(
    {
      act: Type.Literal('make-root'),
      ...common,
      keyStore: KeyStore,
      names: Names,
      profile: ProfileReference,
      authority: Type.Object({ id: AuthorityId, commonName: Text(64) }, closed),
      key: Key,
      validity: Type.Optional(Duration),
    },
    closed,
  ),
  'make-intermediate-request': Type.Object(
    {
      act: Type.Literal('make-intermediate-request'),
      ...common,
      names: Names,
      profile: ProfileReference,
      authority: Type.Object({ id: AuthorityId, commonName: Text(64) }, closed),
      key: Key,
    },
    closed,
  ),
  'sign-intermediate': Type.Object(
    {
      act: Type.Literal('sign-intermediate'),
      ...common,
      keyStore: KeyStore,
      names: Names,
      profile: ProfileReference,
      authority: Type.Object(issuingAuthority, closed),
      request: ReviewedFile,
      issuer: OfflineIssuer,
      validity: Type.Optional(Duration),
    },
    closed,
  ),
  'import-certificate': Type.Object(
    {
      act: Type.Literal('import-certificate'),
      ...imported,
      authority: Type.Object(
        {
          ...issuingAuthority,
          crlShards: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 })),
          /** Ids of the profiles that it offers; all of its level when absent. */
          profiles: Type.Optional(Type.Array(Text(41), { minItems: 1, maxItems: 64, uniqueItems: true })),
        },
        closed,
      ),
    },
    closed,
  ),
  'roll-over-intermediate': Type.Object(
    {
      act: Type.Literal('roll-over-intermediate'),
      ...imported,
      authority: Type.Object(issuingAuthority, closed),
      /** The generation that the new one goes on for; shards and profiles are as there. */
      predecessor: AuthorityId,
    },
    closed,
  ),
  'root-crl': Type.Object(
    {
      act: Type.Literal('root-crl'),
      ...common,
      keyStore: KeyStore,
      issuer: OfflineIssuer,
      crlNumber: Type.Integer({ minimum: 1 }),
      /** From now to nextUpdate. */
      validity: Duration,
      /** The CRL before this one, whose entries all stay; absent for number 1 only. */
      previous: Type.Optional(ReviewedFile),
      revoke: Type.Optional(Type.Array(Revocation, { minItems: 1, maxItems: 1_000 })),
    },
    closed,
  ),
  'import-crl': Type.Object(
    {
      act: Type.Literal('import-crl'),
      ...common,
      issuer: Type.Object({ id: AuthorityId }, closed),
      crl: ReviewedFile,
    },
    closed,
  ),
} as const;

export type ActName = keyof typeof ACT_SCHEMAS;
export type ActOf<Name extends ActName> = Static<(typeof ACT_SCHEMAS)[Name]>;
export type CeremonyAct = { [Name in ActName]: ActOf<Name> }[ActName];
export type ReviewedFile = Static<typeof ReviewedFile>;
export type KeyChoice = Static<typeof Key>;
export type SecretSource = Static<typeof SecretSource>;
export type ProfileReference = Static<typeof ProfileReference>;
