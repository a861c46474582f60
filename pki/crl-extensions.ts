import type { Extensions } from './extension.ts';
import { parseCrlDistributionPoints } from './extensions/crl-distribution-points.ts';
import type { DistributionPoint } from './extensions/crl-distribution-points.ts';
import { parseCrlNumber } from './extensions/crl-number.ts';
import { parseExpiredCertsOnCrl } from './extensions/expired-certs-on-crl.ts';
import { parseIssuingDistributionPoint } from './extensions/issuing-distribution-point.ts';
import type { IssuingDistributionPoint } from './extensions/issuing-distribution-point.ts';
import { parseAuthorityKeyIdentifier } from './extensions/key-identifiers.ts';
import { CE } from './oid.ts';

/** The extensions of a CRL that we interpret (RFC 5280 §5.2). */
export interface CrlExtensions {
  crlNumber?: bigint;
  /** Present on a delta CRL: the number of the complete CRL that it builds on. */
  baseCrlNumber?: bigint;
  /** keyIdentifier of the AuthorityKeyIdentifier. */
  authorityKeyIdentifier?: Buffer;
  issuingDistributionPoint?: IssuingDistributionPoint;
  freshestCrl?: DistributionPoint[];
  expiredCertsOnCrl?: Date;
  /** Critical extensions not named here: the CRL must not be relied on (§5.2). */
  unknownCritical: string[];
}

const KNOWN: ReadonlySet<string> = new Set([
  CE.cRLNumber,
  CE.deltaCRLIndicator,
  CE.authorityKeyIdentifier,
  CE.issuingDistributionPoint,
  CE.freshestCRL,
  CE.expiredCertsOnCRL,
]);

/** Reads the extensions into typed values; throws PkiError `der-malformed` or `crl-malformed`. */
export function readCrlExtensions(extensions: Extensions): CrlExtensions {
  const read = <T>(oid: string, parse: (value: Uint8Array) => T): T | undefined => {
    const found = extensions.get(oid);
    return found && parse(found.value);
  };
  return {
    crlNumber: read(CE.cRLNumber, parseCrlNumber),
    baseCrlNumber: read(CE.deltaCRLIndicator, parseCrlNumber),
    authorityKeyIdentifier: read(CE.authorityKeyIdentifier, parseAuthorityKeyIdentifier),
    issuingDistributionPoint: read(CE.issuingDistributionPoint, parseIssuingDistributionPoint),
    freshestCrl: read(CE.freshestCRL, parseCrlDistributionPoints),
    expiredCertsOnCrl: read(CE.expiredCertsOnCRL, parseExpiredCertsOnCrl),
    unknownCritical: [...extensions.values()]
      .filter(({ critical, oid }) => critical && !KNOWN.has(oid))
      .map(({ oid }) => oid),
  };
}
