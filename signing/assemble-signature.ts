import type { Certificate } from '../pki/certificate.ts';
import { certificateFingerprint, publicKeyOf } from '../pki/certificate.ts';
import { encodeSignedData } from '../pki/cms/encode-signed-data.ts';
import { digest, digestIdentifier } from '../pki/digest-algorithm.ts';
import { asReadyDigest } from '../pki/ready-digest.ts';
import { signatureAlgorithmIdentifier } from '../pki/signature-algorithm.ts';
import { cmsSignatureValue, deviceAlgorithmOf, isSignedByDevice } from './device-key.ts';
import { prepareReserved } from './pades/prepare-pades.ts';
import type { ReservedContents } from './pades/reserved-contents.ts';
import { assemblePades, padesSignedOctets } from './pades/sign-pades.ts';
import { isDigestSignedByDevice } from './ready-digest.ts';
import {
  base64url,
  cadesAttributes,
  cadesSignedOctets,
  jadesProtectedHeader,
  jadesSignedOctets,
} from './device/signed-octets.ts';

/** Formats of documents; what is signed of them is built by the phone. */
export const DOCUMENT_FORMATS = ['cades', 'jades', 'pades'] as const;
/** `raw`: the signature value alone, over a SHA-256 value that a relying party has made by itself. */
export const SIGNATURE_FORMATS = [...DOCUMENT_FORMATS, 'raw'] as const;
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

/** A signature in its format, and what the key signed, as `asReadyDigest` gives it. */
export interface Assembled {
  signature: Buffer;
  readyDigest?: Buffer;
}

/**
 * Verifies what a phone signed against the document that it was given, and makes the signature at level B-B: CAdES, JAdES (compact),
 * PAdES, which is the whole PDF, or its value as X.509 writes it. Undefined when the key signed anything else.
 */
export function assembleSignature(facts: AssemblyFacts, signature: Buffer): Assembled | undefined {
  return ASSEMBLIES[facts.format](facts, signature);
}

type Assembly = (facts: AssemblyFacts, signature: Buffer) => Assembled | undefined;

const ASSEMBLIES: Readonly<Record<SignatureFormat, Assembly>> = {
  cades: assembleCades,
  jades: assembleJades,
  pades: assemblePdf,
  raw: assembleValue,
};

function assembled(signature: Buffer, certificate: Certificate, signedDigest: Buffer): Assembled {
  const readyDigest = asReadyDigest(signedDigest, publicKeyOf(certificate));
  return { signature, ...(readyDigest && { readyDigest }) };
}

function assembleValue({ certificate, documentSha256 }: AssemblyFacts, value: Buffer): Assembled | undefined {
  if (!isDigestSignedByDevice(certificate, documentSha256, value)) return undefined;
  return assembled(cmsSignatureValue(deviceAlgorithmOf(certificate), value), certificate, documentSha256);
}

function assembleCades(facts: AssemblyFacts, signature: Buffer): Assembled | undefined {
  const { certificate, chain, content } = facts;
  const signed = { ...facts, certificateSha256: certificateFingerprint(certificate) };
  const octets = cadesSignedOctets(signed);
  if (!isSignedByDevice(certificate, octets, signature)) return undefined;
  const algorithm = deviceAlgorithmOf(certificate);
  const cades = encodeSignedData({
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
  return assembled(cades, certificate, digest('sha256', octets));
}

function assemblePdf({ certificate, chain, pdf }: AssemblyFacts, signature: Buffer): Assembled | undefined {
  if (!pdf) return undefined;
  const algorithm = deviceAlgorithmOf(certificate);
  const prepared = prepareReserved(pdf, { certificate, chain, algorithm: algorithm.cms });
  const octets = padesSignedOctets(prepared);
  if (!isSignedByDevice(certificate, octets, signature)) return undefined;
  const pades = assemblePades(prepared, cmsSignatureValue(algorithm, signature));
  return assembled(pades, certificate, digest('sha256', octets));
}

function assembleJades(facts: AssemblyFacts, signature: Buffer): Assembled | undefined {
  const { certificate, chain, content, mediaType } = facts;
  if (!content || mediaType === undefined) return undefined;
  const { name, digest: digestName } = deviceAlgorithmOf(certificate).jws;
  const signed = {
    ...facts,
    mediaType,
    certificateSha256: certificateFingerprint(certificate),
    algorithm: name,
    chain: [certificate, ...chain].map(({ bytes }) => bytes),
  };
  const octets = jadesSignedOctets(signed, content);
  if (!isSignedByDevice(certificate, octets, signature, digestName)) return undefined;
  const parts = [jadesProtectedHeader(signed), base64url(content), base64url(signature)];
  return assembled(Buffer.from(parts.join('.'), 'latin1'), certificate, digest(digestName, octets));
}
