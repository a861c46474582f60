import type { RelyingParty } from '../relying-parties/relying-party.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { CSC_SCOPES } from './csc-authorization.ts';
import type { CscScope } from './csc-authorization.ts';
import { readSigningRequest } from './read-signing-request.ts';
import type { SigningRequest, WantedDocument } from './read-signing-request.ts';

type Params = Readonly<Record<string, unknown>>;

export type OauthRequest =
  { scope: 'service'; lang?: string } | { scope: 'credential'; signing: SigningRequest };

/** Parameters of the CSC API that an authorization request may have (§8.4.2). */
export const OAUTH_PARAMETERS = [
  'lang',
  'credentialID',
  'signatureQualifier',
  'numSignatures',
  'hashes',
  'hashAlgorithmOID',
  'description',
  'account_token',
  'clientData',
] as const;

/** Type of authorization details that is known here. */
export const CREDENTIAL_DETAILS = 'credential';

/**
 * What an authorization request asks the holder for: by scope and parameters, or by authorization details of type credential.
 * Throws CscError `invalid_request`.
 *
 * @see CSC API v2.0.0.2 §8.4.2
 */
export function readOauthRequest(
  params: Params,
  party: Pick<RelyingParty, 'mayHandInDigests'>,
): OauthRequest {
  const details = textOf(params, 'authorization_details');
  const scope = details === undefined ? scopeOf(params) : 'credential';
  const lang = textOf(params, 'lang');
  // No law gives these signatures a name of the specification's table, and accounts are the holders' own.
  for (const name of ['signatureQualifier', 'account_token'])
    if (params[name] !== undefined) throw invalidParameter(name);
  if (scope === 'service') return { scope, ...(lang !== undefined && { lang }) };
  const wish = details === undefined ? wishOfParameters(params) : wishOfDetails(details);
  const description = textOf(params, 'description');
  return { scope, signing: readSigningRequest({ ...wish, description, lang }, party) };
}

function scopeOf(params: Params): CscScope {
  const scope = textOf(params, 'scope') ?? 'service';
  const found = CSC_SCOPES.find((one) => one === scope);
  // §8.4: one of them at a time.
  if (!found) throw invalidParameter('scope');
  return found;
}

function wishOfParameters(params: Params) {
  const hashes = textOf(params, 'hashes');
  if (hashes === undefined) throw missing('hashes');
  const documents = hashes.split(',').map((one) => ({ hash: base64Of(one) }));
  if (textOf(params, 'numSignatures') !== String(documents.length)) throw invalidParameter('numSignatures');
  const [credentialID, hashAlgorithmOID] = [
    textOf(params, 'credentialID'),
    textOf(params, 'hashAlgorithmOID'),
  ];
  return { credentialID, hashAlgorithmOID, documents };
}

function wishOfDetails(text: string) {
  const found = parsed(text);
  const detail = Array.isArray(found) && found.length === 1 ? (found[0] as unknown) : undefined;
  if (!isObject(detail) || detail['type'] !== CREDENTIAL_DETAILS)
    throw invalidParameter('authorization_details');
  const documents = detail['documentDigests'];
  if (!Array.isArray(documents)) throw invalidParameter('documentDigests');
  if (detail['signatureQualifier'] !== undefined) throw invalidParameter('signatureQualifier');
  return {
    credentialID: textOf(detail, 'credentialID'),
    hashAlgorithmOID: textOf(detail, 'hashAlgorithmOID'),
    signature_format: textOf(detail, 'signature_format'),
    documents: documents.map(wantedDocument),
  };
}

function wantedDocument(entry: unknown): WantedDocument {
  if (!isObject(entry)) throw invalidParameter('documentDigests');
  const hash = textOf(entry, 'hash');
  if (hash === undefined) throw invalidParameter('documentDigests');
  const [label, document, mediaType] = ['label', 'document', 'mediaType'].map((name) => textOf(entry, name));
  return {
    hash,
    ...(label !== undefined && { label }),
    ...(document !== undefined && { document }),
    ...(mediaType !== undefined && { mediaType }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidParameter('authorization_details', { cause });
  }
}

function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(from: Params, name: string): string | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(name);
  return value;
}

function missing(name: string): CscError {
  return new CscError('invalid_request', `Missing (or invalid type) string parameter ${name}`);
}

/** In addresses hashes are base64url (§8.4.2), with padding or without. */
function base64Of(base64url: string): string {
  const text = base64url.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '');
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}
