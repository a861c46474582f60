import type { ProofOfExistence } from '../proof-of-existence.ts';
import type { RuleOutcome } from '../rules/rule.ts';
import type { Indication } from '../verdict.ts';
import type { EvidenceKind } from './evidence-object.ts';

// URIs of ETSI TS 119 102-2; the clauses are those in which each list stands.

/** Clause 4.3.4.2. */
export const MAIN_INDICATIONS: Record<Indication, string> = {
  'TOTAL-PASSED': 'urn:etsi:019102:mainindication:total-passed',
  'TOTAL-FAILED': 'urn:etsi:019102:mainindication:total-failed',
  INDETERMINATE: 'urn:etsi:019102:mainindication:indeterminate',
};

/** Of single constraints, clause 4.3.5.4. */
export const RULE_INDICATIONS: Record<Exclude<RuleOutcome['outcome'], 'not-applicable'>, string> = {
  passed: 'urn:etsi:019102:mainindication:passed',
  failed: 'urn:etsi:019102:mainindication:failed',
};

/** Clause 4.3.4.3. */
export function subIndicationUri(subIndication: string): string {
  return `urn:etsi:019102:subindication:${subIndication}`;
}

/** Clause 4.3.5.3. */
export const CONSTRAINT_STATUS = {
  applied: 'urn:etsi:019102:constraintStatus:applied',
  disabled: 'urn:etsi:019102:constraintStatus:disabled',
} as const;

/** Clause 4.5.5: found by validation, or provided by the relying party. */
export const TYPES_OF_PROOF: Record<ProofOfExistence['source'], string> = {
  'time-stamp': 'urn:etsi:019102:poetype:validation',
  'validation-time': 'urn:etsi:019102:poetype:validation',
  'receipt-time': 'urn:etsi:019102:poetype:provided',
};

/** Clause 4.4.4. */
export const OBJECT_TYPES: Record<EvidenceKind, string> = {
  certificate: 'urn:etsi:019102:validationObject:certificate',
  crl: 'urn:etsi:019102:validationObject:CRL',
  'ocsp-response': 'urn:etsi:019102:validationObject:OCSPResponse',
  'time-stamp': 'urn:etsi:019102:validationObject:timestamp',
  'signed-data': 'urn:etsi:019102:validationObject:signedData',
  other: 'urn:etsi:019102:validationObject:other',
};

/** Clause 4.3.10: which process of ETSI EN 319 102-1 ran. */
export const LONG_TERM_PROCESS = 'urn:etsi:019102:validationprocess:LTA';

/** XML Encryption §5.8.2. */
export const SHA256_URI = 'http://www.w3.org/2001/04/xmlenc#sha256';
