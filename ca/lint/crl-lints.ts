import type { CrlLint } from './linted-crl.ts';
import { crlAuthorityKeyIdentifierMatches } from './crl-rules/crl-authority-key-identifier-matches.ts';
import { crlAuthorityKeyIdentifierPresent } from './crl-rules/crl-authority-key-identifier-present.ts';
import { crlCriticalExtensionsKnown } from './crl-rules/crl-critical-extensions-known.ts';
import { crlDeltaIndicator } from './crl-rules/crl-delta-indicator.ts';
import { crlEntriesAbsentWhenEmpty } from './crl-rules/crl-entries-absent-when-empty.ts';
import { crlEntriesUnique } from './crl-rules/crl-entries-unique.ts';
import { crlEntryDateEncoding } from './crl-rules/crl-entry-date-encoding.ts';
import { crlEntryDatesPast } from './crl-rules/crl-entry-dates-past.ts';
import { crlEntryExtensionsNotCritical } from './crl-rules/crl-entry-extensions-not-critical.ts';
import { crlEntryInvalidityOrder } from './crl-rules/crl-entry-invalidity-order.ts';
import { crlExpiredCertsSince } from './crl-rules/crl-expired-certs-since.ts';
import { crlExtensionsNotCritical } from './crl-rules/crl-extensions-not-critical.ts';
import { crlIssuerMatchesSubject } from './crl-rules/crl-issuer-matches-subject.ts';
import { crlIssuerMaySign } from './crl-rules/crl-issuer-may-sign.ts';
import { crlIssuerNotEmpty } from './crl-rules/crl-issuer-not-empty.ts';
import { crlIssuingDistributionPointCritical } from './crl-rules/crl-issuing-distribution-point-critical.ts';
import { crlIssuingDistributionPointScope } from './crl-rules/crl-issuing-distribution-point-scope.ts';
import { crlNextUpdatePresent } from './crl-rules/crl-next-update-present.ts';
import { crlNotFromFuture } from './crl-rules/crl-not-from-future.ts';
import { crlNumberPresent } from './crl-rules/crl-number-present.ts';
import { crlReasonKnown } from './crl-rules/crl-reason-known.ts';
import { crlReasonNotUnspecified } from './crl-rules/crl-reason-not-unspecified.ts';
import { crlReasonRemoveInDelta } from './crl-rules/crl-reason-remove-in-delta.ts';
import { crlSignatureAlgorithmParameters } from './crl-rules/crl-signature-algorithm-parameters.ts';
import { crlSignatureAlgorithmStrong } from './crl-rules/crl-signature-algorithm-strong.ts';
import { crlTimeEncoding } from './crl-rules/crl-time-encoding.ts';
import { crlUpdateOrder } from './crl-rules/crl-update-order.ts';
import { crlVersion2 } from './crl-rules/crl-version-2.ts';

/** Rules about all of a CRL but its entries: as cheap for a million of them as for none. */
export const crlHeadLints: readonly CrlLint[] = [
  crlVersion2,
  crlSignatureAlgorithmStrong,
  crlSignatureAlgorithmParameters,
  crlIssuerNotEmpty,
  crlIssuerMatchesSubject,
  crlIssuerMaySign,
  crlTimeEncoding,
  crlNextUpdatePresent,
  crlUpdateOrder,
  crlNotFromFuture,
  crlAuthorityKeyIdentifierPresent,
  crlAuthorityKeyIdentifierMatches,
  crlNumberPresent,
  crlExtensionsNotCritical,
  crlCriticalExtensionsKnown,
  crlIssuingDistributionPointCritical,
  crlIssuingDistributionPointScope,
  crlDeltaIndicator,
  crlExpiredCertsSince,
  crlEntriesAbsentWhenEmpty,
];

/** Rules about the entries; the first of them to run walks over all of these, once. */
export const crlEntryLints: readonly CrlLint[] = [
  crlEntriesUnique,
  crlEntryDateEncoding,
  crlEntryDatesPast,
  crlEntryInvalidityOrder,
  crlEntryExtensionsNotCritical,
  crlReasonNotUnspecified,
  crlReasonKnown,
  crlReasonRemoveInDelta,
];

/** Every rule for CRLs. */
export const crlLints: readonly CrlLint[] = [...crlHeadLints, ...crlEntryLints];
