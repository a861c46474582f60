import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

// What the tables of CSC API v2.0.0.2 §8.3, §10 and §11 say of answers, as schemas of our own: which members there are, of which type,
// and on what of the request they depend. Every answer that a CscClient gets in the tests is held against them.

type Members = Readonly<Record<string, unknown>>;

export interface CscExchange {
  method: string;
  request: Members;
  status: number;
  body: Members;
}

interface Rule {
  /** By status. */
  answers: Readonly<Record<number, TSchema>>;
  /** Members that are there or not by what was asked for; says what is wrong. */
  depends?: (request: Members, body: Members) => string[];
}

const closed = { additionalProperties: false };
const Base64 = Type.String({ pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' });
const Oid = Type.String({ pattern: '^[0-2](?:\\.(?:0|[1-9][0-9]*))+$' });
const Text = Type.String({ minLength: 1, maxLength: 255 });
const Language = Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' });
const GeneralizedTime = Type.String({ pattern: '^[0-9]{14}Z$' });

const AUTH_TYPES = ['external', 'TLS', 'basic', 'digest', 'oauth2code', 'oauth2client'];
const AUTH_OBJECTS = ['Password', 'PasswordOOB', 'ChallengeResponse', 'ChallengeResponseOOB'];
const LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA', 'B', 'T', 'LT', 'LTA'].map((one) => `Ades-${one}`);
const ENVELOPES: Readonly<Record<string, readonly string[]>> = {
  C: ['Detached', 'Attached', 'Parallel'],
  X: ['Enveloped', 'Enveloping', 'Detached'],
  P: ['Certification', 'Revision'],
  J: ['Detached', 'Attached', 'Parallel'],
};

/** §11.1 */
const Info = Type.Object(
  {
    specs: Type.String({ pattern: '^2(?:\\.[0-9]+){3}$' }),
    name: Text,
    logo: Type.String({ pattern: '^https?://' }),
    region: Type.String({ pattern: '^[A-Z]{2}$' }),
    lang: Language,
    description: Text,
    authType: Type.Array(Type.Enum(AUTH_TYPES), { minItems: 1 }),
    oauth2: Type.Optional(Type.String({ pattern: '^https?://' })),
    oauth2Issuer: Type.Optional(Type.String({ pattern: '^https?://' })),
    asynchronousOperationMode: Type.Optional(Type.Boolean()),
    methods: Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
    validationInfo: Type.Optional(Type.Boolean()),
    signAlgorithms: Type.Object(
      { algos: Type.Array(Oid, { minItems: 1 }), algoParams: Type.Optional(Type.Array(Type.String())) },
      closed,
    ),
    signature_formats: Type.Object(
      {
        formats: Type.Array(Type.Enum(Object.keys(ENVELOPES)), { uniqueItems: true }),
        envelope_properties: Type.Optional(Type.Array(Type.Array(Type.String(), { minItems: 1 }))),
      },
      closed,
    ),
    conformance_levels: Type.Array(Type.Enum(LEVELS)),
  },
  closed,
);

/** §8.3 */
const AuthObject = Type.Object(
  {
    type: Type.Enum(AUTH_OBJECTS),
    id: Type.String({ minLength: 1 }),
    format: Type.Optional(Type.Enum(['A', 'N'])),
    label: Type.Optional(Text),
    description: Type.Optional(Text),
    generator: Type.Optional(Type.String()),
  },
  closed,
);

/** §11.4, §11.5 */
const CREDENTIAL = {
  description: Type.Optional(Text),
  signatureQualifier: Type.Optional(Type.String()),
  key: Type.Object(
    {
      status: Type.Enum(['enabled', 'disabled']),
      algo: Type.Array(Oid, { minItems: 1 }),
      len: Type.Integer({ minimum: 1 }),
      curve: Type.Optional(Oid),
    },
    closed,
  ),
  cert: Type.Object(
    {
      status: Type.Optional(Type.Enum(['valid', 'expired', 'revoked', 'suspended'])),
      certificates: Type.Optional(Type.Array(Base64, { minItems: 1 })),
      issuerDN: Type.Optional(Type.String()),
      serialNumber: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]+$' })),
      subjectDN: Type.Optional(Type.String()),
      validFrom: Type.Optional(GeneralizedTime),
      validTo: Type.Optional(GeneralizedTime),
    },
    closed,
  ),
  auth: Type.Object(
    {
      mode: Type.Enum(['explicit', 'oauth2code']),
      expression: Type.Optional(Type.String()),
      objects: Type.Optional(Type.Array(AuthObject, { minItems: 1 })),
    },
    closed,
  ),
  SCAL: Type.Optional(Type.Enum(['1', '2'])),
  multisign: Type.Integer({ minimum: 1 }),
  lang: Type.Optional(Language),
};
const Credential = Type.Object(CREDENTIAL, closed);
const CredentialInfo = Type.Object({ credentialID: Type.String({ minLength: 1 }), ...CREDENTIAL }, closed);
const CredentialList = Type.Object(
  {
    credentialIDs: Type.Array(Type.String({ minLength: 1 })),
    credentialInfos: Type.Optional(Type.Array(CredentialInfo)),
    onlyValid: Type.Optional(Type.Boolean()),
  },
  closed,
);

/** §11.6, §11.7 */
const Activation = Type.Object(
  { SAD: Type.String({ minLength: 1 }), expiresIn: Type.Optional(Type.Integer({ minimum: 1 })) },
  closed,
);
const Handle = Type.Object(
  {
    handle: Type.String({ minLength: 1 }),
    // Beyond the specification (docs/CSC.md): without pages, the client itself shows the code that the phone shows.
    verificationCode: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
  },
  closed,
);

/** §10.2, and what §11.12 says while something is under way. */
const Accepted = Type.Object(
  { error: Type.Literal('accepted_request'), error_description: Type.Optional(Type.String()) },
  closed,
);
const ERRORS = [
  'invalid_request',
  'unauthorized_client',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
  'expired_token',
  'invalid_token',
  'invalid_authentication_data',
  // Of 501 the specification says no word.
  'not_implemented',
];
const Refusal = Type.Object(
  { error: Type.Enum(ERRORS), error_description: Type.Optional(Type.String({ minLength: 1 })) },
  closed,
);
/** §10.1 */
const REFUSALS = [400, 401, 429, 500, 501, 503];

/** §11.10 to §11.12 */
const Signatures = Type.Array(Base64, { minItems: 1 });
const HashesSigned = Type.Object(
  { signatures: Type.Optional(Signatures), responseID: Type.Optional(Type.String({ minLength: 1 })) },
  closed,
);
const ValidationInfo = Type.Object(
  {
    ocsp: Type.Optional(Type.Array(Base64)),
    crl: Type.Optional(Type.Array(Base64)),
    certificates: Type.Optional(Type.Array(Base64)),
  },
  closed,
);
const DOCUMENTS_SIGNED = {
  DocumentWithSignature: Type.Optional(Signatures),
  SignatureObject: Type.Optional(Signatures),
};
const DocumentsSigned = Type.Object(
  {
    ...DOCUMENTS_SIGNED,
    responseID: Type.Optional(Type.String({ minLength: 1 })),
    validationInfo: Type.Optional(ValidationInfo),
  },
  closed,
);
const Polled = Type.Object({ signatures: Type.Optional(Signatures), ...DOCUMENTS_SIGNED }, closed);

const RULES: Readonly<Record<string, Rule>> = {
  info: { answers: { 200: Info }, depends: (_, body) => infoFaults(body as unknown as InfoAnswer) },
  'auth/revoke': { answers: { 204: Type.Object({}, closed) } },
  'credentials/list': {
    answers: { 200: CredentialList },
    depends: (request, { credentialInfos, credentialIDs, onlyValid }) => [
      ...faultOf('credentialInfos', credentialInfos, request['credentialInfo'] === true),
      ...(onlyValid === true && request['onlyValid'] !== true ? ['onlyValid: nobody asked'] : []),
      ...((credentialInfos ?? []) as CredentialAnswer[]).flatMap((one, index) => [
        ...credentialFaults(request, one),
        ...(one.credentialID === (credentialIDs as string[])[index] ? [] : ['credentialIDs: another order']),
      ]),
    ],
  },
  'credentials/info': {
    answers: { 200: Credential },
    depends: (request, body) => credentialFaults(request, body as unknown as CredentialAnswer),
  },
  'credentials/authorize': { answers: { 200: Activation, 202: Handle } },
  'credentials/authorizeCheck': { answers: { 200: Activation, 202: Handle } },
  'signatures/signHash': {
    answers: { 200: HashesSigned },
    depends: (request, { signatures, responseID }) => [
      ...faultOf('responseID', responseID, isAsynchronous(request)),
      ...faultOf('signatures', signatures, !isAsynchronous(request)),
      ...(signatures && (signatures as string[]).length !== (request['hashes'] as string[]).length
        ? ['signatures: one for each of hashes']
        : []),
    ],
  },
  'signatures/signDoc': {
    answers: { 200: DocumentsSigned },
    depends: (request, { DocumentWithSignature, SignatureObject, responseID, validationInfo }) => [
      ...faultOf('responseID', responseID, isAsynchronous(request)),
      ...faultOf('signatures', DocumentWithSignature ?? SignatureObject, !isAsynchronous(request)),
      ...(request['returnValidationInfo'] === true || validationInfo === undefined
        ? []
        : ['validationInfo: nobody asked']),
    ],
  },
  'signatures/signPolling': { answers: { 200: Polled, 202: Accepted } },
};

/** What of an answer is not as the specification has it; nothing of methods that it does not know. */
export function faultsBySpecification({ method, request, status, body }: CscExchange): string[] {
  const rule = RULES[method];
  if (!rule) return [];
  const isRefusal = REFUSALS.includes(status);
  const schema = isRefusal ? Refusal : rule.answers[status];
  if (!schema) return [`status ${status}`];
  const faults = [...Value.Errors(schema, body)].map(
    ({ instancePath, message }) => `${instancePath}: ${message}`,
  );
  return faults.length > 0 || isRefusal ? faults : (rule.depends?.(request, body) ?? []);
}

interface InfoAnswer {
  authType: string[];
  oauth2?: string;
  oauth2Issuer?: string;
  signature_formats: { formats: string[]; envelope_properties?: string[][] };
}

/** One address of the authorization server where there is one; properties of each format, in the order of formats. */
function infoFaults({ authType, oauth2, oauth2Issuer, signature_formats }: InfoAnswer): string[] {
  const { formats, envelope_properties: properties } = signature_formats;
  const hasOauth = authType.some((one) => one.startsWith('oauth2'));
  const addresses = [oauth2, oauth2Issuer].filter((one) => one !== undefined).length;
  return [
    ...(addresses === (hasOauth ? 1 : 0) ? [] : ['oauth2 or oauth2Issuer, with OAuth, and one of them']),
    ...(properties && properties.length !== formats.length
      ? ['envelope_properties: as many as formats']
      : []),
    ...formats.flatMap((format, index) =>
      (properties?.[index] ?? [])
        .filter((one) => !ENVELOPES[format].includes(one))
        .map((one) => `envelope_properties: ${format} has no ${one}`),
    ),
  ];
}

interface CredentialAnswer {
  credentialID?: string;
  key: { algo: string[]; curve?: string };
  cert: Members;
  auth: { mode: string; expression?: string; objects?: unknown[] };
}

/** Object identifiers of ECDSA begin so (RFC 5480): a curve is named of these keys, and of no other. */
const EC = '1.2.840.10045.';

function credentialFaults(request: Members, { key, cert, auth }: CredentialAnswer): string[] {
  const wish = request['certificates'] ?? 'single';
  const given = (cert['certificates'] ?? []) as string[];
  const hasNames = request['certInfo'] === true;
  const isExplicit = auth.mode === 'explicit';
  return [
    ...faultOf(
      'key/curve',
      key.curve,
      key.algo.some((one) => one.startsWith(EC)),
    ),
    ...faultOf('cert/certificates', cert['certificates'], wish !== 'none'),
    ...(wish === 'single' && given.length !== 1 ? ['cert/certificates: the one alone'] : []),
    ...(wish === 'chain' && given.length < 2 ? ['cert/certificates: with its chain'] : []),
    ...['issuerDN', 'serialNumber', 'subjectDN', 'validFrom', 'validTo'].flatMap((name) =>
      faultOf(`cert/${name}`, cert[name], hasNames),
    ),
    ...faultOf('auth/objects', auth.objects, isExplicit),
    ...(isExplicit || auth.expression === undefined ? [] : ['auth/expression: of explicit alone']),
  ];
}

function isAsynchronous(request: Members): boolean {
  return request['operationMode'] === 'A';
}

/** A member is there exactly when it has to be. */
function faultOf(name: string, value: unknown, isDue: boolean): string[] {
  if ((value !== undefined) === isDue) return [];
  return [`${name}: ${isDue ? 'missing' : 'nobody asked'}`];
}
