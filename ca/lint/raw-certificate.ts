import type { Certificate } from '../../pki/certificate.ts';
import { TAG, context, contextPrimitive } from '../../pki/der/tag.ts';
import type { Lint } from './lint.ts';
import { spanAt } from './span.ts';
import type { Span } from './span.ts';
import { oncePer } from './once-per.ts';

// The typed certificate says what a certificate means, this file how it is written.

/** A rule about the encoding, which needs nothing but the bytes. */
export type EncodingLint = Lint<{ certificate: Pick<Certificate, 'bytes'> }>;

export interface RawExtension {
  /** Contents octets of the OBJECT IDENTIFIER, as Latin-1 text. */
  oid: string;
  /** Contents octet of `critical`, where it is written at all. */
  criticalOctet?: number;
}

export interface RawCertificate {
  /** AlgorithmIdentifier inside and outside the TBS. */
  innerAlgorithm: Span;
  outerAlgorithm: Span;
  notBefore: Span;
  notAfter: Span;
  hasUniqueIdentifier: boolean;
  /** In their order, repeated ones included. */
  extensions: RawExtension[];
}

/** The raw view, made once per certificate; throws PkiError `der-malformed` where there is no such structure. */
export const rawCertificate = oncePer(({ bytes }: Pick<Certificate, 'bytes'>) => readRaw(bytes));

function readRaw(bytes: Buffer): RawCertificate {
  const whole = spanAt(bytes, 0, bytes.length, TAG.sequence);
  const tbs = spanAt(bytes, whole.content, whole.end, TAG.sequence);
  const outerAlgorithm = spanAt(bytes, tbs.end, whole.end, TAG.sequence);
  const first = spanAt(bytes, tbs.content, tbs.end);
  const serial = first.tag === context(0) ? spanAt(bytes, first.end, tbs.end, TAG.integer) : first;
  const innerAlgorithm = spanAt(bytes, serial.end, tbs.end, TAG.sequence);
  const issuer = spanAt(bytes, innerAlgorithm.end, tbs.end, TAG.sequence);
  const validity = spanAt(bytes, issuer.end, tbs.end, TAG.sequence);
  const notBefore = spanAt(bytes, validity.content, validity.end);
  const notAfter = spanAt(bytes, notBefore.end, validity.end);
  const subject = spanAt(bytes, validity.end, tbs.end, TAG.sequence);
  const publicKey = spanAt(bytes, subject.end, tbs.end, TAG.sequence);
  const tail = readTail(bytes, publicKey.end, tbs.end);
  return { innerAlgorithm, outerAlgorithm, notBefore, notAfter, ...tail };
}

function readTail(
  bytes: Buffer,
  from: number,
  end: number,
): Pick<RawCertificate, 'hasUniqueIdentifier' | 'extensions'> {
  let hasUniqueIdentifier = false;
  let extensions: RawExtension[] = [];
  for (let at = from; at < end;) {
    const field = spanAt(bytes, at, end);
    if (field.tag === contextPrimitive(1) || field.tag === contextPrimitive(2)) hasUniqueIdentifier = true;
    if (field.tag === context(3))
      extensions = readRawExtensions(bytes, spanAt(bytes, field.content, field.end, TAG.sequence));
    at = field.end;
  }
  return { hasUniqueIdentifier, extensions };
}

function readRawExtensions(bytes: Buffer, list: Span): RawExtension[] {
  const extensions: RawExtension[] = [];
  for (let at = list.content; at < list.end;) {
    const one = spanAt(bytes, at, list.end, TAG.sequence);
    const oid = spanAt(bytes, one.content, one.end, TAG.oid);
    const next = spanAt(bytes, oid.end, one.end);
    const octets = bytes.toString('latin1', oid.content, oid.end);
    extensions.push(
      next.tag === TAG.boolean ? { oid: octets, criticalOctet: bytes[next.content] } : { oid: octets },
    );
    at = one.end;
  }
  return extensions;
}
