import type { Certificate } from '../../pki/certificate.ts';
import {
  parseAuthorityKeyIdentifier,
  parseSubjectKeyIdentifier,
} from '../../pki/extensions/key-identifiers.ts';
import { sameName } from '../../pki/name.ts';
import { CE } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { TrustStore } from '../trust-store.ts';
import type { AnchorDistances } from './anchor-distances.ts';
import type { CertificatePool } from './certificate-pool.ts';
import { verifyLink } from './verify-link.ts';
import type { WorkBudget } from './work-budget.ts';

// RFC 4158: forward building, depth first. Which issuer is tried first is by hints; nothing but its signature admits one.

/** Leaf first, anchor last; names chain and each signature verifies with the key of the next. */
export type CertificatePath = readonly Certificate[];

/** National hierarchies have three levels; cross-certification may add some. */
const PATH_LENGTH_MAX = 16;

export interface PathSearch {
  trust: TrustStore;
  /** Certificates that came along. */
  pool: CertificatePool;
  budget: WorkBudget;
  /** Whether an issuer is worth going on with, above the members of the path so far. */
  accepts: (issuer: Certificate, path: CertificatePath) => boolean;
  distances: AnchorDistances;
  /** What else was found; for the reason where no path is. */
  found: { wrongSignature?: Certificate; unsupported?: Certificate };
}

/** Finds paths from a certificate to an anchor, the likeliest first; throws ValidationError `work-limit-exceeded`. */
export function candidatePaths(leaf: Certificate, search: PathSearch): Generator<CertificatePath> {
  return extend([leaf], search);
}

function* extend(path: Certificate[], search: PathSearch): Generator<CertificatePath> {
  const last = path[path.length - 1];
  for (const { issuer, hint } of possibleIssuers(last, search)) {
    if (path.some((member) => isSameAuthority(member, issuer)) || !search.accepts(issuer, path)) continue;
    const link = verifyLink(last, issuer, search.budget);
    if (link === 'not-signed' && hint === 'key') search.found.wrongSignature ??= last;
    if (link === 'algorithm-unsupported') search.found.unsupported ??= last;
    if (link === 'not-signed' || link === 'algorithm-unsupported') continue;
    const longer = [...path, issuer];
    if (search.trust.isAnchor(issuer)) yield longer;
    else if (longer.length < PATH_LENGTH_MAX) yield* extend(longer, search);
  }
}

/** The same name with the same key: a path that meets it again goes in a circle (RFC 4158 §5.2). */
function isSameAuthority(a: Certificate, b: Certificate): boolean {
  return a === b || (a.subjectPublicKeyInfo.equals(b.subjectPublicKeyInfo) && sameName(a.subject, b.subject));
}

/** `key`: the key identifiers agree; `name`: one of them is absent; `other-key`: they differ (RFC 5280 §4.2.1.1). */
type Hint = 'key' | 'name' | 'other-key';

/** Identifiers that differ only put an issuer last: they are a hint, and some CAs write wrong ones (RFC 4158 §3.5.12). */
const ORDER: readonly Hint[] = ['key', 'name', 'other-key'];

interface Candidate {
  issuer: Certificate;
  hint: Hint;
  distance: number;
}

function possibleIssuers(certificate: Certificate, search: PathSearch): Candidate[] {
  const { trust, pool, budget, distances } = search;
  const trusted = trust.withSubject(certificate.issuer);
  const sent = pool.withSubject(certificate.issuer).filter((issuer) => !trust.has(issuer));
  budget.spend('candidates', trusted.length + sent.length);
  const authority = authorityKeyIdOf(certificate);
  const candidates = [...trusted, ...sent].map((issuer) => ({
    issuer,
    hint: hintOf(authority, issuer),
    distance: distances.of(issuer),
  }));
  // Trusted ones stay first among equals.
  return candidates
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => ORDER.indexOf(a.hint) - ORDER.indexOf(b.hint) || a.distance - b.distance);
}

function hintOf(authority: Buffer | undefined, issuer: Certificate): Hint {
  const subject = subjectKeyIdOf(issuer);
  if (!authority || !subject) return 'name';
  return authority.equals(subject) ? 'key' : 'other-key';
}

function authorityKeyIdOf({ extensions }: Certificate): Buffer | undefined {
  const extension = extensions.get(CE.authorityKeyIdentifier);
  return extension && readable(() => parseAuthorityKeyIdentifier(extension.value));
}

function subjectKeyIdOf({ extensions }: Certificate): Buffer | undefined {
  const extension = extensions.get(CE.subjectKeyIdentifier);
  return extension && readable(() => parseSubjectKeyIdentifier(extension.value));
}

/** A hint that cannot be read is none. */
function readable<Hinted>(read: () => Hinted): Hinted | undefined {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}
