import type { CertificateLint } from './lint.ts';
import type { EncodingLint } from './raw-certificate.ts';
import { admissionMatchesPermanentIdentifier } from './rules/admission-matches-permanent-identifier.ts';
import { admissionProfessionOid } from './rules/admission-profession-oid.ts';
import { admissionWellFormed } from './rules/admission-well-formed.ts';
import { anyExtendedKeyUsageAbsent } from './rules/any-extended-key-usage-absent.ts';
import { anyPolicyInAuthorities } from './rules/any-policy-in-authorities.ts';
import { authorityInfoAccessHttp } from './rules/authority-info-access-http.ts';
import { authorityKeyIdentifierMatches } from './rules/authority-key-identifier-matches.ts';
import { authorityKeyIdentifierPresent } from './rules/authority-key-identifier-present.ts';
import { basicConstraintsCritical } from './rules/basic-constraints-critical.ts';
import { basicConstraintsPresent } from './rules/basic-constraints-present.ts';
import { caIssuersPresent } from './rules/ca-issuers-present.ts';
import { certificatePoliciesNotCritical } from './rules/certificate-policies-not-critical.ts';
import { certificatePoliciesPresent } from './rules/certificate-policies-present.ts';
import { certificatePoliciesUnique } from './rules/certificate-policies-unique.ts';
import { clientAuthNotInSigning } from './rules/client-auth-not-in-signing.ts';
import { cpsUri } from './rules/cps-uri.ts';
import { criticalExtensionsKnown } from './rules/critical-extensions-known.ts';
import { crlDistributionPointHttp } from './rules/crl-distribution-point-http.ts';
import { crlDistributionPointOwnCrl } from './rules/crl-distribution-point-own-crl.ts';
import { crlDistributionPointSingle } from './rules/crl-distribution-point-single.ts';
import { defaultValuesOmitted } from './rules/default-values-omitted.ts';
import { documentSigningInSigning } from './rules/document-signing-in-signing.ts';
import { ecKeyCurve } from './rules/ec-key-curve.ts';
import { ecKeyParameters } from './rules/ec-key-parameters.ts';
import { ecKeyPoint } from './rules/ec-key-point.ts';
import { emailAbsent } from './rules/email-absent.ts';
import { extendedKeyUsageConsistent } from './rules/extended-key-usage-consistent.ts';
import { extendedKeyUsageNotCritical } from './rules/extended-key-usage-not-critical.ts';
import { extendedKeyUsageNotEmpty } from './rules/extended-key-usage-not-empty.ts';
import { extensionsUnique } from './rules/extensions-unique.ts';
import { issuerAttributes } from './rules/issuer-attributes.ts';
import { issuerMatchesSubject } from './rules/issuer-matches-subject.ts';
import { issuerMaySign } from './rules/issuer-may-sign.ts';
import { issuerNotEmpty } from './rules/issuer-not-empty.ts';
import { keyCertSignInAuthorities } from './rules/key-cert-sign-in-authorities.ts';
import { keyIdentifiersNotCritical } from './rules/key-identifiers-not-critical.ts';
import { keyParametersAbsent } from './rules/key-parameters-absent.ts';
import { keyUsageCritical } from './rules/key-usage-critical.ts';
import { keyUsageMatchesKey } from './rules/key-usage-matches-key.ts';
import { keyUsageMinimal } from './rules/key-usage-minimal.ts';
import { keyUsageNotEmpty } from './rules/key-usage-not-empty.ts';
import { keyUsagePresent } from './rules/key-usage-present.ts';
import { leafLifetime } from './rules/leaf-lifetime.ts';
import { namesNormalized } from './rules/names-normalized.ts';
import { namesOneScript } from './rules/names-one-script.ts';
import { namesWithoutControls } from './rules/names-without-controls.ts';
import { nationalId } from './rules/national-id.ts';
import { naturalPersonAttributes } from './rules/natural-person-attributes.ts';
import { naturalPersonKeyUsage } from './rules/natural-person-key-usage.ts';
import { naturalPersonSerialNumber } from './rules/natural-person-serial-number.ts';
import { naturalPersonSingleAttributes } from './rules/natural-person-single-attributes.ts';
import { notBeforeRecent } from './rules/not-before-recent.ts';
import { ocspNoCheck } from './rules/ocsp-no-check.ts';
import { ocspSigningAlone } from './rules/ocsp-signing-alone.ts';
import { pathLengthInAuthorities } from './rules/path-length-in-authorities.ts';
import { pathLengthOfIssuer } from './rules/path-length-of-issuer.ts';
import { permanentIdentifierForm } from './rules/permanent-identifier-form.ts';
import { persianLetters } from './rules/persian-letters.ts';
import { policyControlsInAuthorities } from './rules/policy-controls-in-authorities.ts';
import { policyQualifiersKnown } from './rules/policy-qualifiers-known.ts';
import { pseudonymWithoutNames } from './rules/pseudonym-without-names.ts';
import { publicKeyAlgorithmKnown } from './rules/public-key-algorithm-known.ts';
import { qualifiedNeverClaimed } from './rules/qualified-never-claimed.ts';
import { rsaKeyParameters } from './rules/rsa-key-parameters.ts';
import { rsaKeySize } from './rules/rsa-key-size.ts';
import { rsaPublicExponent } from './rules/rsa-public-exponent.ts';
import { serialNumberLength } from './rules/serial-number-length.ts';
import { serialNumberSemantics } from './rules/serial-number-semantics.ts';
import { signatureAlgorithmParameters } from './rules/signature-algorithm-parameters.ts';
import { signatureAlgorithmStrong } from './rules/signature-algorithm-strong.ts';
import { signatureAlgorithmsEqual } from './rules/signature-algorithms-equal.ts';
import { signingKeyUsage } from './rules/signing-key-usage.ts';
import { statusSourcePresent } from './rules/status-source-present.ts';
import { subjectAlternativeNameNotCritical } from './rules/subject-alternative-name-not-critical.ts';
import { subjectAlternativeNameNotEmpty } from './rules/subject-alternative-name-not-empty.ts';
import { subjectAttributeLengths } from './rules/subject-attribute-lengths.ts';
import { subjectAttributesNotEmpty } from './rules/subject-attributes-not-empty.ts';
import { subjectAttributesTrimmed } from './rules/subject-attributes-trimmed.ts';
import { subjectCountryCode } from './rules/subject-country-code.ts';
import { subjectKeyIdentifierMethod } from './rules/subject-key-identifier-method.ts';
import { subjectKeyIdentifierPresent } from './rules/subject-key-identifier-present.ts';
import { subjectNotEmpty } from './rules/subject-not-empty.ts';
import { subjectPrintableStrings } from './rules/subject-printable-strings.ts';
import { subjectSingleValuedNames } from './rules/subject-single-valued-names.ts';
import { subjectStringTypes } from './rules/subject-string-types.ts';
import { timeStampingCriticalAlone } from './rules/time-stamping-critical-alone.ts';
import { uniqueIdentifiersAbsent } from './rules/unique-identifiers-absent.ts';
import { userNoticeText } from './rules/user-notice-text.ts';
import { validityEncoding } from './rules/validity-encoding.ts';
import { validityOrder } from './rules/validity-order.ts';
import { validityWithinIssuer } from './rules/validity-within-issuer.ts';
import { version3 } from './rules/version-3.ts';

/** What can be said of bytes that do not read as a certificate; the first of all rules. */
export const encodingLints: readonly EncodingLint[] = [
  signatureAlgorithmsEqual,
  validityEncoding,
  uniqueIdentifiersAbsent,
  extensionsUnique,
];

/** Every rule for certificates, in the order of RFC 5280's fields. */
export const certificateLints: readonly CertificateLint[] = [
  ...encodingLints,
  // Version, serial number, algorithm, issuer and validity.
  defaultValuesOmitted,
  version3,
  serialNumberLength,
  signatureAlgorithmStrong,
  signatureAlgorithmParameters,
  issuerNotEmpty,
  issuerMatchesSubject,
  issuerAttributes,
  issuerMaySign,
  validityOrder,
  validityWithinIssuer,
  notBeforeRecent,
  leafLifetime,
  // Subject.
  subjectNotEmpty,
  subjectAttributeLengths,
  subjectCountryCode,
  subjectStringTypes,
  subjectPrintableStrings,
  subjectAttributesNotEmpty,
  subjectAttributesTrimmed,
  subjectSingleValuedNames,
  namesWithoutControls,
  namesNormalized,
  persianLetters,
  namesOneScript,
  emailAbsent,
  naturalPersonAttributes,
  naturalPersonSingleAttributes,
  naturalPersonSerialNumber,
  pseudonymWithoutNames,
  nationalId,
  serialNumberSemantics,
  // Subject public key.
  publicKeyAlgorithmKnown,
  rsaKeyParameters,
  rsaKeySize,
  rsaPublicExponent,
  ecKeyParameters,
  ecKeyCurve,
  ecKeyPoint,
  keyParametersAbsent,
  // Extensions, in the order of RFC 5280.
  criticalExtensionsKnown,
  authorityKeyIdentifierPresent,
  authorityKeyIdentifierMatches,
  keyIdentifiersNotCritical,
  subjectKeyIdentifierPresent,
  subjectKeyIdentifierMethod,
  keyUsagePresent,
  keyUsageCritical,
  keyUsageNotEmpty,
  keyUsageMinimal,
  keyUsageMatchesKey,
  keyCertSignInAuthorities,
  naturalPersonKeyUsage,
  signingKeyUsage,
  certificatePoliciesPresent,
  certificatePoliciesUnique,
  certificatePoliciesNotCritical,
  anyPolicyInAuthorities,
  policyQualifiersKnown,
  cpsUri,
  userNoticeText,
  policyControlsInAuthorities,
  subjectAlternativeNameNotEmpty,
  subjectAlternativeNameNotCritical,
  permanentIdentifierForm,
  basicConstraintsPresent,
  basicConstraintsCritical,
  pathLengthInAuthorities,
  pathLengthOfIssuer,
  extendedKeyUsageNotEmpty,
  extendedKeyUsageNotCritical,
  extendedKeyUsageConsistent,
  anyExtendedKeyUsageAbsent,
  documentSigningInSigning,
  clientAuthNotInSigning,
  ocspSigningAlone,
  ocspNoCheck,
  timeStampingCriticalAlone,
  crlDistributionPointSingle,
  crlDistributionPointHttp,
  crlDistributionPointOwnCrl,
  authorityInfoAccessHttp,
  caIssuersPresent,
  statusSourcePresent,
  qualifiedNeverClaimed,
  admissionWellFormed,
  admissionProfessionOid,
  admissionMatchesPermanentIdentifier,
];
