import { decodeBase64, decodeBase64url } from '../../formats/jws/base64.ts';
import { listMember, textMember } from '../../formats/jws/jose-header.ts';
import { isJsonObject, memberOf } from '../../formats/jws/json-value.ts';
import type { JsonObject, JsonValue } from '../../formats/jws/json-value.ts';
import { digestOfJadesName } from '../../formats/jws/signed-data.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { readRecentCertificate } from '../../pki/recent-certificates.ts';
import type { CertificateReference, PresentedSignature, SignatureInput } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';

const CHAIN_MAX = 16;

/** The certificates of `x5c`, the signer's first (RFC 7515 §4.1.6). Throws FormatError `jws-malformed`. */
export function chainOf(header: JsonObject): Certificate[] {
  const entries = listMember(header, 'x5c');
  if (entries.length > CHAIN_MAX)
    throw new FormatError('jws-malformed', `x5c has ${entries.length} certificates, at most ${CHAIN_MAX}`);
  return entries.map(readCertificate);
}

function readCertificate(entry: JsonValue): Certificate {
  if (typeof entry !== 'string') throw new FormatError('jws-malformed', 'a certificate of x5c is no text');
  try {
    return readRecentCertificate(decodeBase64(entry));
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new FormatError('jws-malformed', `a certificate of x5c cannot be read: ${cause.detail}`, { cause });
  }
}

export interface HeaderCertificates {
  protectedHeader: JsonObject;
  /** Of the protected header, or of the other one. */
  chain: readonly Certificate[];
  /** Whether `x5c` is signed: then it names the certificate by itself. */
  isChainSigned: boolean;
  /** All that came along. */
  certificates: readonly Certificate[];
}

type Identification = Pick<PresentedSignature, 'signingCertificate' | 'bindsCertificate'>;

/**
 * Finds the signer's certificate (ETSI EN 319 102-1 §5.2.3): the first of `x5c`, or the one that the signed hashes name; every hash that
 * is signed has to be its own. A key id and URLs name nothing: nobody is asked for them.
 */
export function signingCertificateOf(
  found: HeaderCertificates,
  policy: Pick<SignatureInput, 'signingCertificateReference'>,
): Identification {
  const { references, unread } = referencesOf(found.protectedHeader);
  const bindsCertificate =
    references.some(({ binds }) => binds) || (found.isChainSigned && found.chain.length > 0);
  if (unread !== undefined)
    return { bindsCertificate, signingCertificate: refused('signing-certificate-differs', unread) };
  const named = references.map(({ alternatives }) => alternatives);
  const [first] = found.chain;
  const candidates = first ? [first] : references.length > 0 ? found.certificates : [];
  if (candidates.length === 0) {
    const text = 'the certificate of the signer did not come along';
    return { bindsCertificate, signingCertificate: refused('signing-certificate-missing', text) };
  }
  const certificate = candidates.find((candidate) =>
    named.every((hashes) => hashes.some((one) => refersTo(one, candidate))),
  );
  if (!certificate) {
    const text = 'the signed certificate hash belongs to another certificate';
    return { bindsCertificate, signingCertificate: refused('signing-certificate-differs', text) };
  }
  const reasons = bindsCertificate ? [] : [unbound(policy)];
  return { bindsCertificate, signingCertificate: { certificate, reasons } };
}

interface SignedReference {
  /** One of them has to be the certificate's: `sigX5ts` names its issuers as well. */
  alternatives: readonly CertificateReference[];
  /** SHA-1 alone binds nothing any more; a hash that differs refuses all the same. */
  binds: boolean;
}

/** `x5t`, `x5t#S256`, `x5t#o` and `sigX5ts` (RFC 7515 §4.1.7 and §4.1.8, ETSI TS 119 182-1 §5.2.2). */
function referencesOf(header: JsonObject): { references: SignedReference[]; unread?: string } {
  const references: SignedReference[] = [];
  try {
    for (const [name, digestName] of [
      ['x5t', 'sha1'],
      ['x5t#S256', 'sha256'],
    ] as const) {
      const value = memberOf(header, name);
      if (value !== undefined)
        references.push({ alternatives: [thumbprint(value, digestName)], binds: digestName !== 'sha1' });
    }
    const other = memberOf(header, 'x5t#o');
    if (other !== undefined) references.push({ alternatives: [digestValue(other)], binds: true });
    if (Object.hasOwn(header, 'sigX5ts'))
      references.push({
        alternatives: listMember(header, 'sigX5ts').slice(0, CHAIN_MAX).map(digestValue),
        binds: true,
      });
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    return { references, unread: cause.detail };
  }
  return { references };
}

function thumbprint(value: JsonValue, digestName: DigestName): CertificateReference {
  if (typeof value !== 'string') throw new FormatError('jws-malformed', 'a certificate hash is no text');
  return { digest: digestName, hash: decodeBase64url(value) };
}

function digestValue(value: JsonValue): CertificateReference {
  const object = isJsonObject(value) ? value : {};
  const digestName = digestOfJadesName(memberOf(object, 'digAlg'));
  const hash = textMember(object, 'digVal');
  if (!digestName || hash === undefined)
    throw new FormatError('jws-malformed', 'a certificate hash of an algorithm that is not known');
  return { digest: digestName, hash: decodeBase64url(hash) };
}

function refersTo(reference: CertificateReference, certificate: Certificate): boolean {
  return digest(reference.digest, certificate.bytes).equals(reference.hash);
}

function unbound({
  signingCertificateReference,
}: Pick<SignatureInput, 'signingCertificateReference'>): Reason {
  const text = 'nothing signed binds the signature to its certificate (x5c, x5t#S256, x5t#o, sigX5ts)';
  const isRequired = signingCertificateReference === 'required';
  return { code: isRequired ? 'signing-certificate-unbound' : 'signing-certificate-unbound-accepted', text };
}

function refused(code: Reason['code'], text: string): PresentedSignature['signingCertificate'] {
  return { reasons: [{ code, text }] };
}
