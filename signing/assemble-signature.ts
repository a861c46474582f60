import type { Certificate } from '../pki/certificate.ts';
import { certificateFingerprint } from '../pki/certificate.ts';
import { encodeSignedData } from '../pki/cms/encode-signed-data.ts';
import { digestIdentifier } from '../pki/digest-algorithm.ts';
import { signatureAlgorithmIdentifier } from '../pki/signature-algorithm.ts';
import { cmsSignatureValue, deviceAlgorithmOf, isSignedByDevice } from './device-key.ts';
import { prepareReserved } from './pades/prepare-pades.ts';
import type { ReservedContents } from './pades/reserved-contents.ts';
import { assemblePades, padesSignedOctets } from './pades/sign-pades.ts';
import {
  base64url,
  cadesAttributes,
  cadesSignedOctets,
  jadesProtectedHeader,
  jadesSignedOctets,
} from './device/signed-octets.ts';

export const SIGNATURE_FORMATS = ['cades', 'jades', 'pades'] as const;
export type SignatureFormat = (typeof SIGNATURE_FORMATS)[number];

export interface AssemblyFacts {
  format: SignatureFormat;
  certificate: Certificate;
  /** Issuers, the nearest first; without the root. */
  chain: readonly Certificate[];
  signingTime: Date;
  documentSha256: Buffer;
  /** Absent: the signature is detached, and only a hash is known. */
  content?: Buffer;
  mediaType?: string;
  /** With PAdES: the document, which waits for its signature. */
  pdf?: ReservedContents;
}

/**
 * Verifies what a phone signed against the document that it was given, and makes the signature at level B-B: CAdES, JAdES (compact),
 * or PAdES, which is the whole PDF. Undefined when the key signed anything else.
 */
export function assembleSignature(facts: AssemblyFacts, signature: Buffer): Buffer | undefined {
  return ASSEMBLIES[facts.format](facts, signature);
}

const ASSEMBLIES: Readonly<
  Record<SignatureFormat, (facts: AssemblyFacts, signature: Buffer) => Buffer | undefined>
> = { cades: assembleCades, jades: assembleJades, pades: assemblePdf };

function assembleCades(facts: AssemblyFacts, signature: Buffer): Buffer | undefined {
  const { certificate, chain, content } = facts;
  const signed = { ...facts, certificateSha256: certificateFingerprint(certificate) };
  if (!isSignedByDevice(certificate, cadesSignedOctets(signed), signature)) return undefined;
  const algorithm = deviceAlgorithmOf(certificate);
  return encodeSignedData({
    ...(content && { content }),
    certificates: [certificate, ...chain].map(({ bytes }) => bytes),
    signerInfos: [
      {
        certificate,
        digestAlgorithm: digestIdentifier('sha256'),
        signedAttributes: cadesAttributes(signed),
        signatureAlgorithm: signatureAlgorithmIdentifier(algorithm.cms),
        signature: cmsSignatureValue(algorithm, signature),
      },
    ],
  });
}

function assemblePdf({ certificate, chain, pdf }: AssemblyFacts, signature: Buffer): Buffer | undefined {
  if (!pdf) return undefined;
  const algorithm = deviceAlgorithmOf(certificate);
  const prepared = prepareReserved(pdf, { certificate, chain, algorithm: algorithm.cms });
  if (!isSignedByDevice(certificate, padesSignedOctets(prepared), signature)) return undefined;
  return assemblePades(prepared, cmsSignatureValue(algorithm, signature));
}

function assembleJades(facts: AssemblyFacts, signature: Buffer): Buffer | undefined {
  const { certificate, chain, content, mediaType } = facts;
  if (!content || mediaType === undefined) return undefined;
  const { name, digest } = deviceAlgorithmOf(certificate).jws;
  const signed = {
    ...facts,
    mediaType,
    certificateSha256: certificateFingerprint(certificate),
    algorithm: name,
    chain: [certificate, ...chain].map(({ bytes }) => bytes),
  };
  if (!isSignedByDevice(certificate, jadesSignedOctets(signed, content), signature, digest)) return undefined;
  const parts = [jadesProtectedHeader(signed), base64url(content), base64url(signature)];
  return Buffer.from(parts.join('.'), 'latin1');
}
