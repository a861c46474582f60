import { canonicalJson } from '../../core/canonical-json.ts';
import { ctyOf } from '../../formats/jws/jose-header.ts';
import type { JsonObject } from '../../formats/jws/json-value.ts';
import { jwsNameOf, jwsSignatureOf } from '../../formats/jws/jws-algorithm.ts';
import type { JwsSerialization } from '../../formats/jws/jws.ts';
import { DETACHED_MECHANISMS, jadesNameOf, signedDataOf } from '../../formats/jws/signed-data.ts';
import type { HandedIn } from '../../formats/jws/signed-data.ts';
import { signedPayload, signingInput } from '../../formats/jws/signing-input.ts';
import { writeJws } from '../../formats/jws/write-jws.ts';
import type { Signer } from '../../keys/signer.ts';
import { certificateFingerprint, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { SigningError } from '../signing-error.ts';

/** Documents outside of the signature that it points to (ETSI TS 119 182-1 §5.2.8). */
export interface PointedTo {
  /** `httpHeaders`: header fields by name, `digest` of the body among them, and the body as content. */
  mechanism: keyof typeof DETACHED_MECHANISMS;
  documents: readonly { name: string; bytes: Uint8Array; mediaType?: string }[];
}

export interface JadesRequest {
  /** The exact octets that are signed; the body of an HTTP message where header fields are pointed to. */
  content?: Uint8Array;
  /** True: the content stays outside of the signature (RFC 7515 appendix F). */
  detached?: boolean;
  /** In place of one content. */
  pointedTo?: PointedTo;
  /** `compact` where nothing else is said. */
  serialization?: JwsSerialization;
  /** False: the payload is signed as it is (RFC 7797). */
  isPayloadEncoded?: boolean;
  algorithm: SignatureAlgorithmName;
  certificate: Certificate;
  /** Issuers to embed beside it, the nearest first; the root may be left out. */
  chain?: readonly Certificate[];
  /** What the signer claims. */
  signingTime: Date;
  mediaType?: string;
}

/** A signature that lacks its value. */
export interface PreparedJades {
  /** What the key signs. */
  octets: Buffer;
  /** Takes the signature as a Signer makes it: of ECDSA in DER. */
  assemble(signature: Buffer): Buffer;
}

/**
 * Signs as JAdES baseline B-B. Throws SigningError `signer-certificate-mismatch` and as `prepareJades`; what the signer rejects with
 * passes through.
 */
export async function signJades(
  request: Omit<JadesRequest, 'algorithm'> & { signer: Signer },
): Promise<Buffer> {
  const { signer, certificate } = request;
  if (!signer.subjectPublicKeyInfo.equals(certificate.subjectPublicKeyInfo))
    throw new SigningError(
      'signer-certificate-mismatch',
      'the certificate does not belong to the signing key',
    );
  const { octets, assemble } = prepareJades({ ...request, algorithm: signer.algorithm });
  return assemble(await signer.sign(octets));
}

/**
 * Puts together what is to be signed, for keys that are elsewhere. Throws SigningError `signature-algorithm-unsupported`, and FormatError
 * `jws-malformed` where the serialization cannot carry the payload.
 * @see ETSI TS 119 182-1 §6.3
 */
export function prepareJades(request: JadesRequest): PreparedJades {
  const { certificate, algorithm, serialization = 'compact', isPayloadEncoded = true } = request;
  const alg = jwsNameOf(algorithm, publicKeyOf(certificate));
  if (alg === undefined)
    throw new SigningError(
      'signature-algorithm-unsupported',
      `JWS has no name for ${algorithm} with this key`,
    );
  const header = protectedHeaderOf(request, alg);
  const protectedText = Buffer.from(canonicalJson(header), 'utf8').toString('base64url');
  const { payload } = signedDataOf(header, undefined, handedInOf(request));
  if (!payload) throw new SigningError('document-unreadable', 'what is to be signed was not handed in');
  const stays = request.detached === true || request.pointedTo !== undefined;
  return {
    octets: signingInput(protectedText, payload),
    assemble: (signature) =>
      writeJws({
        serialization,
        payload: stays ? undefined : request.content,
        isPayloadEncoded,
        signatures: [{ protectedText, signature: jwsSignatureOf(alg, signature) }],
      }),
  };
}

/** `iat` and not `sigT`: so do signatures made since 2025-07-15 (ETSI TS 119 182-1 §5.1.11). */
function protectedHeaderOf(request: JadesRequest, alg: string): JsonObject {
  const {
    certificate,
    chain = [],
    signingTime,
    mediaType,
    pointedTo,
    serialization,
    isPayloadEncoded,
  } = request;
  const sigD = pointedTo && sigDOf(pointedTo, isPayloadEncoded ?? true);
  const crit = [...(isPayloadEncoded === false ? ['b64'] : []), ...(sigD ? ['sigD'] : [])];
  return {
    alg,
    ...(isPayloadEncoded === false && { b64: false }),
    ...(crit.length > 0 && { crit }),
    // §5.1.3: what sigD points to has its types there.
    ...(mediaType !== undefined && !sigD && { cty: ctyOf(mediaType) }),
    iat: Math.floor(signingTime.getTime() / 1000),
    ...(sigD && { sigD }),
    typ: (serialization ?? 'compact') === 'compact' ? 'jose' : 'jose+json',
    x5c: [certificate, ...chain].map(({ bytes }) => bytes.toString('base64')),
    'x5t#S256': certificateFingerprint(certificate).toString('base64url'),
  };
}

function sigDOf({ mechanism, documents }: PointedTo, isPayloadEncoded: boolean): JsonObject {
  const types = documents.map(({ mediaType = 'application/octet-stream' }) => ctyOf(mediaType));
  const hashOf = ({ bytes }: { bytes: Uint8Array }) =>
    digest('sha256', signedPayload(bytes, isPayloadEncoded)).toString('base64url');
  return {
    mId: DETACHED_MECHANISMS[mechanism],
    pars: documents.map(({ name }) => name),
    ...(mechanism !== 'httpHeaders' && { ctys: types }),
    ...(mechanism === 'byUriHash' && { hashM: jadesNameOf('sha256'), hashV: documents.map(hashOf) }),
  };
}

function handedInOf({ content, pointedTo }: JadesRequest): HandedIn {
  const contentsByName = pointedTo && new Map(pointedTo.documents.map(({ name, bytes }) => [name, bytes]));
  return { content, contentsByName };
}
