import type { Signer } from '../../keys/signer.ts';
import { encodeSignedAttributes, encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { digestIdentifier } from '../../pki/digest-algorithm.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { SigningError } from '../signing-error.ts';
import { preparePades } from './prepare-pades.ts';
import type { PadesRequest, PreparedPades } from './prepare-pades.ts';
import { fillContents } from './reserved-contents.ts';

/** What the key has to sign: the attributes as a DER SET OF (RFC 5652 §5.4). */
export function padesSignedOctets({ signedAttributes }: PreparedPades): Buffer {
  return encodeSignedAttributes(signedAttributes);
}

/** The signed document, from the signature over padesSignedOctets; throws SigningError `signature-too-large`. */
export function assemblePades(prepared: PreparedPades, signature: Uint8Array): Buffer {
  const { certificate, chain = [], algorithm, digest, signedAttributes, contents } = prepared;
  const signedData = encodeSignedData({
    certificates: [certificate, ...chain].map(({ bytes }) => bytes),
    signerInfos: [
      {
        certificate,
        digestAlgorithm: digestIdentifier(digest),
        signedAttributes,
        signatureAlgorithm: signatureAlgorithmIdentifier(algorithm),
        signature,
      },
    ],
  });
  return fillContents(contents, signedData);
}

/**
 * Signs a PDF as PAdES baseline B-B, as a new revision of it. Throws as preparePades does, and SigningError
 * `signer-certificate-mismatch`; what the signer rejects with passes through.
 */
export async function signPades(
  request: Omit<PadesRequest, 'algorithm'> & { signer: Signer },
): Promise<Buffer> {
  const { signer, ...rest } = request;
  if (!signer.subjectPublicKeyInfo.equals(request.certificate.subjectPublicKeyInfo))
    throw new SigningError(
      'signer-certificate-mismatch',
      'the certificate does not belong to the signing key',
    );
  const prepared = preparePades({ ...rest, algorithm: signer.algorithm });
  return assemblePades(prepared, await signer.sign(padesSignedOctets(prepared)));
}
