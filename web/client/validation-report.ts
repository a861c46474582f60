// As far as the page reads them: GET /docs has the whole.

export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE';

export interface Summary {
  language: 'fa' | 'en';
  direction: 'rtl' | 'ltr';
  headline: string;
  signatures: SignatureSummary[];
  remarks: string[];
}

export interface SignatureSummary {
  headline: string;
  facts: { name: string; label: string; value: string }[];
  reasons: string[];
}

export interface Reason {
  code: string;
}

export interface ValidationReport {
  indication: Indication;
  subIndication?: string;
  reasons: Reason[];
  policy: string;
  validatedAt: string;
  signatures: SignatureReport[];
}

export interface SignatureReport {
  id: string;
  indication: Indication;
  subIndication?: string;
  reasons: Reason[];
  format: string;
  level: { reached?: string };
  bestSignatureTime: { at: string; source: 'receipt-time' | 'time-stamp' | 'validation-time' };
  algorithms?: { digest: string; scheme: string };
  claimedSigningTime?: string;
  certificate?: {
    serialNumber: string;
    issuer: string;
    notBefore: string;
    notAfter: string;
    fingerprint: string;
  };
  rules: { rule: string; outcome: string }[];
  timeStamps: { kind: string; indication: Indication; genTime?: string; authority?: { subject: string } }[];
}
