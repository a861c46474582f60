import type { Certificate } from '../../pki/certificate.ts';
import { ALG } from '../../pki/oid.ts';
import type { CscHouse } from './csc-authorization.ts';
import type { CscCaller } from './csc-caller.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { hashSigningAlgorithmsOf, signatureAlgorithmsOf } from './describe-credential.ts';
import type { OauthServer } from './oauth-server.ts';
import { hashOf } from './read-signing-request.ts';
import { releaseSignatures } from './release-signatures.ts';
import type { ReleaseRequest } from './release-signatures.ts';
import { authorizedPlaces } from './wanted-signatures.ts';

export interface SignHashRequest extends ReleaseRequest {
  hashes: readonly string[];
  hashAlgorithmOID?: string;
  signAlgo: string;
  signAlgoParams?: string;
}

/** @see CSC API v2.0.0.2 §11.10, output: base64; of ECDSA as X.509 and CMS have it (RFC 3279 §2.2.3). */
export interface SignedHashes {
  signatures: string[];
}

/**
 * Gives out what the phone has signed of hashes that the client has made of what it signs, e.g. of signed attributes. Only an
 * authorization that was asked for by a client that may hand in such hashes, of a key that signs them, has any. Throws CscError.
 *
 * @see CSC API v2.0.0.2 §11.10
 */
export function signHashes(
  house: CscHouse,
  oauth: OauthServer,
  caller: CscCaller,
  request: SignHashRequest,
): Promise<SignedHashes | { responseID: string }> {
  return releaseSignatures(
    house,
    oauth,
    caller,
    request,
    async ({ session, certificate, authorization, signatures }) => {
      if (session.format !== 'raw')
        throw new CscError(
          'invalid_request',
          'The SAD authorizes signatures/signDoc: the phone has signed a document',
        );
      assertAlgorithms(request, certificate);
      if (request.hashes.length === 0) throw new CscError('invalid_request', 'Empty hash array');
      const wanted = request.hashes.map((hash) => hashOf(hash));
      const places = authorizedPlaces(wanted, authorization.hashes, 'Hash is not authorized by the SAD');
      const found = places.map((place) => signatures[place].toString('base64'));
      return Promise.resolve({ answer: { signatures: found }, count: found.length });
    },
  );
}

function assertAlgorithms(
  { signAlgo, signAlgoParams, hashAlgorithmOID }: SignHashRequest,
  certificate: Certificate,
): void {
  if (!hashSigningAlgorithmsOf(certificate).includes(signAlgo)) throw invalidParameter('signAlgo');
  if (signAlgoParams !== undefined) throw invalidParameter('signAlgoParams');
  // The key alone says nothing of the hash.
  const isNeeded = !signatureAlgorithmsOf(certificate).includes(signAlgo);
  if (isNeeded && hashAlgorithmOID === undefined)
    throw new CscError('invalid_request', 'Missing (or invalid type) string parameter hashAlgorithmOID');
  if (hashAlgorithmOID !== undefined && hashAlgorithmOID !== ALG.sha256)
    throw invalidParameter('hashAlgorithmOID');
}
