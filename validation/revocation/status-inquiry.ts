import type { Certificate } from '../../pki/certificate.ts';
import type { CertificateList } from '../../pki/crl.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import type { CertificatePath } from '../path/build-path.ts';
import type { CertificatePool } from '../path/certificate-pool.ts';
import type { WorkBudget } from '../path/work-budget.ts';
import type { TrustStore } from '../trust-store.ts';
import type { RevocationEvidence } from './revocation-evidence.ts';
import type { StatusFinding } from './status-finding.ts';

/** What the status of the certificates of one path is asked with. */
export interface StatusInquiry {
  evidence: RevocationEvidence;
  trust: TrustStore;
  /** Certificates that came along: signers of CRLs may be among them. */
  pool: CertificatePool;
  at: Date;
  /** The path whose certificates are asked for; signers of their CRLs must end at the same anchor (RFC 5280 §6.3.3 (f)). */
  path: CertificatePath;
  budget: WorkBudget;
  /**
   * Why nothing good is believed of a CRL or an OCSP response, though its signature is right: it may have been forged since. What
   * it says against a certificate counts all the same. Absent: everything is believed.
   */
  doubt?: ((evidence: CertificateList | BasicOcspResponse) => string | undefined) | undefined;
  /**
   * The status of another certificate that the answer depends on; `issuer` is the CA above it. `pending`: it is being
   * asked for, further out. A signer of CRLs may stand on its own list, and two on each other's: that says nothing
   * against them.
   */
  ask: (certificate: Certificate, issuer: Certificate) => StatusFinding | 'pending';
}
