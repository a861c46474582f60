import type { Certificate } from '../../pki/certificate.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { context } from '../../pki/der/tag.ts';
import { parseCrlDistributionPoints } from '../../pki/extensions/crl-distribution-points.ts';
import type { DistributionPoint } from '../../pki/extensions/crl-distribution-points.ts';
import type { GeneralName } from '../../pki/extensions/general-name.ts';
import type { IssuingDistributionPoint } from '../../pki/extensions/issuing-distribution-point.ts';
import { extendName, nameKey, sameName } from '../../pki/name.ts';
import type { Name } from '../../pki/name.ts';
import { CE } from '../../pki/oid.ts';
import type { WorkBudget } from '../path/work-budget.ts';
import { pathFactsOf } from '../path/path-facts.ts';

/** Bits 1 to 8 of ReasonFlags: what a CRL without restriction covers (RFC 5280 §6.3.2 (a)). */
export const ALL_REASONS = 0b1_1111_1110;

/** A distribution point of a certificate as §6.3.3 asks for it. */
export interface CertificatePoint {
  /** Keys of the point's names; undefined: it has none. */
  names?: ReadonlySet<string>;
  /** Who issues the CRL: cRLIssuer, or the certificate's issuer. */
  issuers: readonly Name[];
  isIndirect: boolean;
  reasons: number;
}

/**
 * The distribution points of a certificate, and after them the one that §6.3.3 assumes for CRLs that are not named in it:
 * all reasons, by the issuer itself, under the issuer's name. Throws PkiError for an unreadable extension.
 */
export function pointsOf(certificate: Certificate): CertificatePoint[] {
  const extension = certificate.extensions.get(CE.cRLDistributionPoints);
  const named = extension ? parseCrlDistributionPoints(extension.value) : [];
  const { issuer } = certificate;
  return [
    ...named.map((point) => readPoint(point, issuer)),
    {
      names: new Set([directoryKey(issuer)]),
      issuers: [issuer],
      isIndirect: false,
      reasons: ALL_REASONS,
    },
  ];
}

/**
 * The reasons for which a CRL speaks of a certificate at a distribution point (RFC 5280 §6.3.3 (b), (d)); zero: it does
 * not speak of it.
 */
export function reasonsCovered(
  crl: CertificateList,
  point: CertificatePoint,
  certificate: Certificate,
  budget: WorkBudget,
): number {
  budget.spend('candidates');
  const scope = crl.issuingDistributionPoint;
  // (b)(1)
  if (!point.issuers.some((issuer) => sameName(issuer, crl.issuer))) return 0;
  if (point.isIndirect && !scope?.indirectCRL) return 0;
  if (!scope) return point.reasons;
  // (b)(2)(i)
  if (scope.fullName.length > 0) {
    const wanted = point.names ?? new Set(point.issuers.map(directoryKey));
    if (!haveCommon(scopeNamesOf(crl, scope), wanted, budget)) return 0;
  }
  // (b)(2)(ii) to (iv)
  const isCa = pathFactsOf(certificate).basicConstraints?.ca === true;
  if ((scope.onlyContainsUserCerts && isCa) || (scope.onlyContainsCACerts && !isCa)) return 0;
  if (scope.onlyContainsAttributeCerts) return 0;
  return scope.onlySomeReasons ? point.reasons & reasonMask(scope.onlySomeReasons) : point.reasons;
}

/** Whether two CRLs of one issuer speak of the same certificates for the same reasons (§6.3.3 (c)). */
export function haveSameScope(a: CertificateList, b: CertificateList): boolean {
  const [one, other] = [a, b].map(({ extensions }) => extensions.get(CE.issuingDistributionPoint)?.value);
  return one && other ? one.equals(other) : one === other;
}

/** Asked for each point of each certificate, and a CRL may have thousands of names. */
const scopeNames = new WeakMap<CertificateList, ReadonlySet<string>>();

function scopeNamesOf(crl: CertificateList, scope: IssuingDistributionPoint): ReadonlySet<string> {
  let names = scopeNames.get(crl);
  if (!names) {
    names = namesOfPoint(scope.fullName, crl.issuer);
    scopeNames.set(crl, names);
  }
  return names;
}

function haveCommon(a: ReadonlySet<string>, b: ReadonlySet<string>, budget: WorkBudget): boolean {
  const [fewer, more] = a.size < b.size ? [a, b] : [b, a];
  budget.spend('name comparisons', fewer.size);
  for (const name of fewer) if (more.has(name)) return true;
  return false;
}

function readPoint(point: DistributionPoint, issuer: Name): CertificatePoint {
  const crlIssuers = point.cRLIssuer?.flatMap((name) => (name.kind === 'directoryName' ? [name.name] : []));
  const issuers = crlIssuers ?? [issuer];
  return {
    ...(point.fullName.length > 0 && { names: namesOfPoint(point.fullName, issuers[0] ?? issuer) }),
    issuers,
    isIndirect: crlIssuers !== undefined,
    reasons: point.reasons ? reasonMask(point.reasons) : ALL_REASONS,
  };
}

/** Keys under which names of distribution points are the same; one relative to the CRL issuer is made whole. */
function namesOfPoint(names: readonly GeneralName[], crlIssuer: Name): Set<string> {
  return new Set(names.map((name) => pointNameKey(name, crlIssuer)));
}

function pointNameKey(name: GeneralName, crlIssuer: Name): string {
  switch (name.kind) {
    case 'directoryName':
      return directoryKey(name.name);
    case 'otherName':
      return `otherName ${name.type} ${name.value.toString('hex')}`;
    case 'other':
      return name.tag === RELATIVE_NAME
        ? directoryKey(extendName(crlIssuer, name.content))
        : `${name.tag} ${name.content.toString('hex')}`;
    default:
      return `${name.kind} ${name.value}`;
  }
}

/** nameRelativeToCRLIssuer (RFC 5280 §4.2.1.13). */
const RELATIVE_NAME = context(1);

function directoryKey(name: Name): string {
  return `directoryName ${nameKey(name)}`;
}

function reasonMask(flags: Buffer): number {
  let mask = 0;
  for (let bit = 1; bit <= 8; bit += 1) if (flags[bit >> 3] & (0x80 >> (bit & 7))) mask |= 1 << bit;
  return mask;
}
