import { isSignedBy, publicKeyOf } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { parseAuthorityKeyIdentifier, parseSubjectKeyIdentifier } from '../pki/extensions/key-identifiers.ts';
import { CE } from '../pki/oid.ts';
import { PkiError } from '../pki/pki-error.ts';
import { CertificatePool } from './certificate-pool.ts';
import type { TrustStore } from './trust-store.ts';

// RFC 4158: forward building, depth first, trusted issuers before those that the signer sends along.

/** Leaf first, anchor last; names chain and each signature verifies with the key of the next. */
export type CertificatePath = readonly Certificate[];

/** National hierarchies have three levels; cross-certification may add some. */
const PATH_LENGTH_MAX = 8;

/** Signatures that one search may verify: an attacker who sends many issuers of one name buys no more than this. */
const SIGNATURE_CHECKS_MAX = 32;

/** Finds paths from a certificate to an anchor, the likeliest first; says nothing of dates and constraints. */
export function* candidatePaths(
  leaf: Certificate,
  trust: TrustStore,
  embedded: readonly Certificate[],
): Generator<CertificatePath> {
  yield* extend([leaf], { trust, embedded, signatureChecks: 0 });
}

interface Search {
  trust: TrustStore;
  embedded: readonly Certificate[];
  pool?: CertificatePool;
  signatureChecks: number;
}

function* extend(path: Certificate[], search: Search): Generator<CertificatePath> {
  const last = path[path.length - 1];
  for (const issuer of possibleIssuers(last, search)) {
    if (path.some((member) => member.bytes.equals(issuer.bytes)) || !keyIdentifiersAgree(last, issuer))
      continue;
    if (search.signatureChecks === SIGNATURE_CHECKS_MAX) return;
    search.signatureChecks += 1;
    if (!isIssuedBy(last, issuer)) continue;
    const longer = [...path, issuer];
    if (search.trust.isAnchor(issuer)) yield longer;
    else if (longer.length < PATH_LENGTH_MAX) yield* extend(longer, search);
  }
}

function* possibleIssuers(certificate: Certificate, search: Search): Generator<Certificate> {
  yield* search.trust.withSubject(certificate.issuer);
  search.pool ??= new CertificatePool(search.embedded);
  yield* search.pool.withSubject(certificate.issuer);
}

/** Key identifiers that are both present and differ rule an issuer out (RFC 5280 §4.2.1.1). */
function keyIdentifiersAgree(certificate: Certificate, issuer: Certificate): boolean {
  const authority = certificate.extensions.get(CE.authorityKeyIdentifier);
  const subject = issuer.extensions.get(CE.subjectKeyIdentifier);
  if (!authority || !subject) return true;
  return readable(() => {
    const wanted = parseAuthorityKeyIdentifier(authority.value);
    return wanted === undefined || wanted.equals(parseSubjectKeyIdentifier(subject.value));
  });
}

/** Pairs that verified: the issuing CAs of the trust store are asked for in every search, and their signatures stay right. */
const verifiedIssuers = new WeakMap<Certificate, WeakSet<Certificate>>();

function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const verified = verifiedIssuers.get(certificate) ?? new WeakSet();
  if (verified.has(issuer)) return true;
  if (!readable(() => isSignedBy(certificate, publicKeyOf(issuer)))) return false;
  verifiedIssuers.set(certificate, verified.add(issuer));
  return true;
}

/** What cannot be read leads nowhere: the search goes on elsewhere. */
function readable(test: () => boolean): boolean {
  try {
    return test();
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return false;
  }
}
