/** Inputs of one run beside the defaults: any policy, nothing demanded, nothing inhibited. */
export interface PkitsRun {
  valid: boolean;
  /** Numbers of NIST test policies: user-initial-policy-set. */
  initial?: readonly number[];
  explicit?: true;
  inhibitMapping?: true;
  inhibitAny?: true;
  /** Numbers of the policies that must come out; `any`: anyPolicy. */
  policies?: readonly number[] | 'any';
}

interface PkitsTest {
  /** Section and number in the document, e.g. `4.1.1`. */
  number: string;
  /** As its S/MIME message is called. */
  name: string;
  runs: readonly PkitsRun[];
}

// The tests of NIST's Public Key Interoperability Test Suite, version 1.0.1 (2011), in the order of its document. Names
// begin with the expected result; a test that has to be run with several inputs, or whose name does not say, has its runs
// in the table below.

const SECTIONS: Readonly<Record<string, string>> = {
  '4.1':
    'ValidSignatures InvalidCASignature InvalidEESignature ValidDSASignatures ValidDSAParameterInheritance InvalidDSASignature',
  '4.2':
    'InvalidCAnotBeforeDate InvalidEEnotBeforeDate Validpre2000UTCnotBeforeDate ValidGeneralizedTimenotBeforeDate InvalidCAnotAfterDate InvalidEEnotAfterDate Invalidpre2000UTCEEnotAfterDate ValidGeneralizedTimenotAfterDate',
  '4.3':
    'InvalidNameChainingEE InvalidNameChainingOrder ValidNameChainingWhitespace ValidNameChainingWhitespace ValidNameChainingCapitalization ValidNameChainingUIDs ValidRFC3280MandatoryAttributeTypes ValidRFC3280OptionalAttributeTypes ValidUTF8StringEncodedNames ValidRolloverfromPrintableStringtoUTF8String ValidUTF8StringCaseInsensitiveMatch',
  '4.4':
    'MissingCRL InvalidRevokedCA InvalidRevokedEE InvalidBadCRLSignature InvalidBadCRLIssuerName InvalidWrongCRL ValidTwoCRLs InvalidUnknownCRLEntryExtension InvalidUnknownCRLExtension InvalidUnknownCRLExtension InvalidOldCRLnextUpdate Invalidpre2000CRLnextUpdate ValidGeneralizedTimeCRLnextUpdate ValidNegativeSerialNumber InvalidNegativeSerialNumber ValidLongSerialNumber ValidLongSerialNumber InvalidLongSerialNumber ValidSeparateCertificateandCRLKeys InvalidSeparateCertificateandCRLKeys InvalidSeparateCertificateandCRLKeys',
  '4.5':
    'ValidBasicSelfIssuedOldWithNew InvalidBasicSelfIssuedOldWithNew ValidBasicSelfIssuedNewWithOld ValidBasicSelfIssuedNewWithOld InvalidBasicSelfIssuedNewWithOld ValidBasicSelfIssuedCRLSigningKey InvalidBasicSelfIssuedCRLSigningKey InvalidBasicSelfIssuedCRLSigningKey',
  '4.6':
    'InvalidMissingbasicConstraints InvalidcAFalse InvalidcAFalse ValidbasicConstraintsNotCritical InvalidpathLenConstraint InvalidpathLenConstraint ValidpathLenConstraint ValidpathLenConstraint InvalidpathLenConstraint InvalidpathLenConstraint InvalidpathLenConstraint InvalidpathLenConstraint ValidpathLenConstraint ValidpathLenConstraint ValidSelfIssuedpathLenConstraint InvalidSelfIssuedpathLenConstraint ValidSelfIssuedpathLenConstraint',
  '4.7':
    'InvalidkeyUsageCriticalkeyCertSignFalse InvalidkeyUsageNotCriticalkeyCertSignFalse ValidkeyUsageNotCritical InvalidkeyUsageCriticalcRLSignFalse InvalidkeyUsageNotCriticalcRLSignFalse',
  '4.8':
    'AllCertificatesSamePolicy AllCertificatesNoPolicies DifferentPolicies DifferentPolicies DifferentPolicies OverlappingPolicies DifferentPolicies DifferentPolicies DifferentPolicies AllCertificatesSamePolicies AllCertificatesAnyPolicy DifferentPolicies AllCertificatesSamePolicies AnyPolicy UserNoticeQualifier UserNoticeQualifier UserNoticeQualifier UserNoticeQualifier UserNoticeQualifier CPSPointerQualifier',
  '4.9':
    'ValidRequireExplicitPolicy ValidRequireExplicitPolicy InvalidRequireExplicitPolicy ValidRequireExplicitPolicy InvalidRequireExplicitPolicy ValidSelfIssuedrequireExplicitPolicy InvalidSelfIssuedrequireExplicitPolicy InvalidSelfIssuedrequireExplicitPolicy',
  '4.10':
    'ValidPolicyMapping InvalidPolicyMapping ValidPolicyMapping InvalidPolicyMapping ValidPolicyMapping ValidPolicyMapping InvalidMappingFromanyPolicy InvalidMappingToanyPolicy ValidPolicyMapping InvalidPolicyMapping ValidPolicyMapping ValidPolicyMapping ValidPolicyMapping ValidPolicyMapping',
  '4.11':
    'InvalidinhibitPolicyMapping ValidinhibitPolicyMapping InvalidinhibitPolicyMapping ValidinhibitPolicyMapping InvalidinhibitPolicyMapping InvalidinhibitPolicyMapping ValidSelfIssuedinhibitPolicyMapping InvalidSelfIssuedinhibitPolicyMapping InvalidSelfIssuedinhibitPolicyMapping InvalidSelfIssuedinhibitPolicyMapping InvalidSelfIssuedinhibitPolicyMapping',
  '4.12':
    'InvalidinhibitAnyPolicy ValidinhibitAnyPolicy inhibitAnyPolicy InvalidinhibitAnyPolicy InvalidinhibitAnyPolicy InvalidinhibitAnyPolicy ValidSelfIssuedinhibitAnyPolicy InvalidSelfIssuedinhibitAnyPolicy ValidSelfIssuedinhibitAnyPolicy InvalidSelfIssuedinhibitAnyPolicy',
  '4.13':
    'ValidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints ValidDNnameConstraints ValidDNnameConstraints ValidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints ValidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints ValidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints ValidDNnameConstraints ValidSelfIssuedDNnameConstraints InvalidSelfIssuedDNnameConstraints ValidRFC822nameConstraints InvalidRFC822nameConstraints ValidRFC822nameConstraints InvalidRFC822nameConstraints ValidRFC822nameConstraints InvalidRFC822nameConstraints ValidDNandRFC822nameConstraints InvalidDNandRFC822nameConstraints InvalidDNandRFC822nameConstraints ValidDNSnameConstraints InvalidDNSnameConstraints ValidDNSnameConstraints InvalidDNSnameConstraints ValidURInameConstraints InvalidURInameConstraints ValidURInameConstraints InvalidURInameConstraints InvalidDNSnameConstraints',
  '4.14':
    'ValiddistributionPoint InvaliddistributionPoint InvaliddistributionPoint ValiddistributionPoint ValiddistributionPoint InvaliddistributionPoint ValiddistributionPoint InvaliddistributionPoint InvaliddistributionPoint ValidNoissuingDistributionPoint InvalidonlyContainsUserCertsCRL InvalidonlyContainsCACertsCRL ValidonlyContainsCACertsCRL InvalidonlyContainsAttributeCerts InvalidonlySomeReasons InvalidonlySomeReasons InvalidonlySomeReasons ValidonlySomeReasons ValidonlySomeReasons InvalidonlySomeReasons InvalidonlySomeReasons ValidIDPwithindirectCRL InvalidIDPwithindirectCRL ValidIDPwithindirectCRL ValidIDPwithindirectCRL InvalidIDPwithindirectCRL InvalidcRLIssuer ValidcRLIssuer ValidcRLIssuer ValidcRLIssuer InvalidcRLIssuer InvalidcRLIssuer ValidcRLIssuer InvalidcRLIssuer InvalidcRLIssuer',
  '4.15':
    'InvaliddeltaCRLIndicatorNoBase ValiddeltaCRL InvaliddeltaCRL InvaliddeltaCRL ValiddeltaCRL InvaliddeltaCRL ValiddeltaCRL ValiddeltaCRL InvaliddeltaCRL InvaliddeltaCRL',
  '4.16': 'ValidUnknownNotCriticalCertificateExtension InvalidUnknownCriticalCertificateExtension',
};

const VALID: readonly PkitsRun[] = [{ valid: true }];
const INVALID: readonly PkitsRun[] = [{ valid: false }];

const RUNS: Readonly<Record<string, readonly PkitsRun[]>> = {
  '4.4.1': INVALID,
  '4.8.1': [
    { explicit: true, valid: true, policies: [1] },
    { explicit: true, initial: [1], valid: true, policies: [1] },
    { explicit: true, initial: [2], valid: false },
    { explicit: true, initial: [1, 2], valid: true, policies: [1] },
  ],
  '4.8.2': [
    { valid: true, policies: [] },
    { explicit: true, valid: false },
  ],
  '4.8.3': [
    { valid: true, policies: [] },
    { explicit: true, valid: false },
    { explicit: true, initial: [1, 2], valid: false },
  ],
  '4.8.4': INVALID,
  '4.8.5': INVALID,
  '4.8.6': [
    { valid: true, policies: [1] },
    { initial: [1], valid: true, policies: [1] },
    { initial: [2], valid: false },
  ],
  '4.8.7': INVALID,
  '4.8.8': INVALID,
  '4.8.9': INVALID,
  '4.8.10': [
    { valid: true, policies: [1, 2] },
    { initial: [1], valid: true, policies: [1] },
    { initial: [2], valid: true, policies: [2] },
  ],
  '4.8.11': [
    { valid: true, policies: 'any' },
    { initial: [1], valid: true, policies: [1] },
  ],
  '4.8.12': INVALID,
  '4.8.13': [1, 2, 3].map((policy) => ({ initial: [policy], valid: true, policies: [policy] })),
  '4.8.14': [
    { initial: [1], valid: true, policies: [1] },
    { initial: [2], valid: false },
  ],
  '4.8.15': VALID,
  '4.8.16': VALID,
  '4.8.17': VALID,
  '4.8.18': [1, 2].map((policy) => ({ initial: [policy], valid: true, policies: [policy] })),
  '4.8.19': VALID,
  '4.8.20': VALID,
  '4.10.1': [
    { initial: [1], valid: true, policies: [1] },
    { initial: [2], valid: false },
    { inhibitMapping: true, valid: false },
  ],
  '4.10.2': [{ valid: false }, { inhibitMapping: true, valid: false }],
  '4.10.3': [
    { initial: [1], valid: false },
    { initial: [2], valid: true, policies: [2] },
  ],
  '4.10.5': [
    { initial: [1], valid: true, policies: [1] },
    { initial: [6], valid: false },
  ],
  '4.10.6': [
    { initial: [1], valid: true, policies: [1] },
    { initial: [6], valid: false },
  ],
  '4.10.12': [1, 2].map((policy) => ({ initial: [policy], valid: true, policies: [policy] })),
  '4.12.3': [{ valid: true }, { inhibitAny: true, valid: false }],
};

/** All 224 tests. */
export const PKITS_TESTS: readonly PkitsTest[] = Object.entries(SECTIONS).flatMap(([section, names]) =>
  names.split(' ').map((name, index) => {
    const number = `${section}.${index + 1}`;
    const runs = RUNS[number] ?? (name.startsWith('Valid') ? VALID : INVALID);
    return { number, name: `${name}Test${index + 1}`, runs };
  }),
);
