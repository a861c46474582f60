import { canonicalJson } from '../../core/canonical-json.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { DOCUMENTS_MAX } from '../sessions/session.ts';
import type { CscHouse } from './csc-authorization.ts';
import type { CscCaller } from './csc-caller.ts';
import { CscError } from './csc-error.ts';
import { PHONE_OBJECT } from './describe-credential.ts';
import { modeOf } from './list-credentials.ts';
import { openSigningAuthorization, reopenedAuthorization } from './open-authorization.ts';
import { readSigningRequest } from './read-signing-request.ts';

interface AuthorizeRequest {
  credentialID: string;
  numSignatures: number;
  hashes: readonly string[];
  hashAlgorithmOID: string;
  authData: readonly { id: string }[];
  description?: string;
  lang?: string;
  clientData?: string;
  signature_format?: string;
  documents?: readonly { label?: string; document?: string; mediaType?: string }[];
}

/**
 * Has the holder asked on the phone, and answers with the handle to ask with how that went. The same request with the same `clientData`
 * is the same authorization, for an answer may be lost. Throws CscError.
 *
 * @see CSC API v2.0.0.2 §11.6
 */
export async function authorizeCredential(
  house: CscHouse,
  { party, authorization }: CscCaller,
  request: AuthorizeRequest,
): Promise<{ handle: string; verificationCode: string }> {
  // §11.6: not for credentials that OAuth authorizes; and what a holder has given for another purpose is not for this one.
  if ((await modeOf(house, party)) !== 'explicit' || authorization)
    throw new CscError('unauthorized_client', 'The credential is authorized by OAuth 2.0 (oauth2code)');
  assertCounts(request);
  const [object, ...others] = request.authData;
  if (object?.id !== PHONE_OBJECT || others.length > 0)
    throw new CscError('invalid_authentication_data', 'The authentication data is invalid');
  const { hashes, documents = [] } = request;
  const wanted = hashes.map((hash, index) => ({ ...documents[index], hash }));
  const signing = readSigningRequest({ ...request, documents: wanted }, party);
  const requestSha256 = digest('sha256', Buffer.from(canonicalJson(request)));
  const again =
    request.clientData === undefined ? undefined : await reopenedAuthorization(house, party, requestSha256);
  const opened = again ?? (await openSigningAuthorization(house, party, signing, { requestSha256 }));
  const session = await house.sessions.find(opened.sessionId);
  return { handle: opened.id, verificationCode: session!.verificationCode };
}

function assertCounts({ numSignatures, hashes, documents }: AuthorizeRequest): void {
  if (numSignatures < 1) throw new CscError('invalid_request', 'Invalid value for parameter numSignatures');
  if (numSignatures > DOCUMENTS_MAX)
    throw new CscError('invalid_request', 'Numbers of signatures is too high');
  if (hashes.length === 0) throw new CscError('invalid_request', 'Empty hash array');
  // SCAL 2: each signature is for a hash that is named.
  if (hashes.length !== numSignatures)
    throw new CscError('invalid_request', 'Invalid value for parameter numSignatures');
  if (documents && documents.length !== hashes.length)
    throw new CscError('invalid_request', 'Invalid array parameter documents');
}
