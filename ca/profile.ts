import { Type } from 'typebox';
import type { Static } from 'typebox';

import { KEY_USAGES } from '../pki/extensions/key-usage.ts';
import { KEY_TYPES } from '../pki/key-type.ts';
import { AT, KP } from '../pki/oid.ts';

/** What a subject attribute or an extension may take from the application; the request's own wishes never count. */
export const SUBJECT_FIELDS = [
  'surname',
  'givenName',
  'nationalId',
  'latinName',
  'organization',
  'office',
  'serviceName',
] as const;

export const PURPOSES = [
  'signing',
  'authentication',
  'officer',
  'ocsp-responder',
  'time-stamping',
  'seal',
  'intermediate',
  'root',
] as const;

const closed = { additionalProperties: false };
const oneOf = <T extends string>(values: readonly T[]) => Type.Unsafe<T>(Type.Enum([...values]));

/** Object identifier, or one under the deployment's own arc: `arc.1.2`. */
const OidText = Type.String({ pattern: '^(arc|[0-2])(\\.(0|[1-9][0-9]*))+$' });

const SubjectAttribute = Type.Object(
  {
    type: oneOf(Object.keys(AT) as (keyof typeof AT)[]),
    value: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    from: Type.Optional(oneOf(SUBJECT_FIELDS)),
    prefix: Type.Optional(Type.String({ maxLength: 16 })),
    suffix: Type.Optional(Type.String({ maxLength: 16 })),
  },
  closed,
);

const ProfileExtensions = Type.Object(
  {
    basicConstraints: Type.Object(
      { ca: Type.Boolean(), pathLength: Type.Optional(Type.Integer({ minimum: 0, maximum: 8 })) },
      closed,
    ),
    keyUsage: Type.Array(oneOf(KEY_USAGES), { minItems: 1, uniqueItems: true }),
    extendedKeyUsage: Type.Optional(
      Type.Object(
        {
          purposes: Type.Array(oneOf(Object.keys(KP) as (keyof typeof KP)[]), {
            minItems: 1,
            uniqueItems: true,
          }),
          critical: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    policies: Type.Optional(
      Type.Array(Type.Union([Type.Literal('national-level'), OidText]), { minItems: 1, uniqueItems: true }),
    ),
    /** Asserted beside the others when the CA has seen that hardware of the phone holds the key, and never else. */
    attestedKeyPolicy: Type.Optional(OidText),
    admission: Type.Optional(Type.Boolean()),
    /** OID of the body that assigns the council numbers. */
    permanentIdentifier: Type.Optional(OidText),
    crlDistributionPoint: Type.Optional(oneOf(['shard', 'complete'])),
    authorityInfoAccess: Type.Optional(
      Type.Array(oneOf(['ocsp', 'caIssuers']), { minItems: 1, uniqueItems: true }),
    ),
    ocspNoCheck: Type.Optional(Type.Boolean()),
    /** ETSI EN 319 412-1 form of serialNumber (`PNOIR-…`), with its semantics statement. */
    naturalPersonSemantics: Type.Optional(Type.Boolean()),
  },
  closed,
);

/** A certificate profile as its file says it; `load-profiles.ts` checks what a schema cannot. */
export const ProfileSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
    version: Type.Integer({ minimum: 1 }),
    purpose: oneOf(PURPOSES),
    keyStorage: oneOf(['card', 'phone', 'service']),
    /** Levels of the issuing CAs that offer this profile (1 Bronze … 4 Platinum). */
    assuranceLevels: Type.Array(Type.Integer({ minimum: 1, maximum: 4 }), { uniqueItems: true }),
    /** Offered by those CAs alone that list it, e.g. by the sister CA of another sector; else by all of its levels. */
    listedOnly: Type.Optional(Type.Boolean()),
    /** ISO 8601 duration from notBefore. */
    validity: Type.String({ pattern: '^P' }),
    /** notBefore lies this long before the issue, for relying parties whose clocks are slow. */
    backdateSeconds: Type.Integer({ minimum: 0, maximum: 300 }),
    keyTypes: Type.Array(oneOf(KEY_TYPES), { minItems: 1, uniqueItems: true }),
    subject: Type.Array(SubjectAttribute, { minItems: 1, maxItems: 16 }),
    extensions: ProfileExtensions,
  },
  closed,
);

export type Profile = Static<typeof ProfileSchema>;
export type SubjectField = (typeof SUBJECT_FIELDS)[number];
export type Purpose = (typeof PURPOSES)[number];
