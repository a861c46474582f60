import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { RevocationEvidence } from './revocation-evidence.ts';
import { statusFromCrls } from './status-from-crls.ts';
import { statusFromOcsp } from './status-from-ocsp.ts';
import { weightierFinding } from './status-finding.ts';
import type { StatusFinding } from './status-finding.ts';
import type { StatusInquiry } from './status-inquiry.ts';

export interface InquiryInputs extends Omit<StatusInquiry, 'ask' | 'evidence'> {
  /** Read when it is first asked for: most certificates are the deployment's own. */
  evidence: () => RevocationEvidence;
}

/** Opens an inquiry, in which each certificate is asked for once. */
export function openInquiry({ evidence, ...inputs }: InquiryInputs): StatusInquiry {
  const findings = new Map<Certificate, StatusFinding | 'pending'>();
  let read: RevocationEvidence | undefined;
  const inquiry: StatusInquiry = {
    ...inputs,
    get evidence() {
      return (read ??= evidence());
    },
    ask(certificate, issuer) {
      const known = findings.get(certificate);
      if (known) return known;
      findings.set(certificate, 'pending');
      const finding = findingOf(certificate, issuer, inquiry);
      findings.set(certificate, finding);
      return finding;
    },
  };
  return inquiry;
}

/** What CRLs and OCSP responses say of a certificate; what cannot be read in it leaves its status unknown. */
function findingOf(certificate: Certificate, issuer: Certificate, inquiry: StatusInquiry): StatusFinding {
  return weightierFinding(
    readable(() => statusFromOcsp(certificate, issuer, inquiry)),
    readable(() => statusFromCrls(certificate, issuer, inquiry)),
  );
}

function readable(ask: () => StatusFinding): StatusFinding {
  try {
    return ask();
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return { kind: 'unknown', notes: [cause.detail] };
  }
}
