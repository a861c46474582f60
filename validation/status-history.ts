import type { Certificate } from '../pki/certificate.ts';
import type { StatusChange } from '../pki/certificate-status.ts';

/**
 * The deployment's one status history, read only. What it returns is current: a change that was acknowledged before the
 * call is in the answer. It rejects when that cannot be promised, and validation then answers TRY_LATER.
 */
export interface StatusHistory {
  /** Id of the authority that issues with this certificate; undefined when it is not one of this deployment. */
  authorityOf(issuerCertificate: Certificate): Promise<string | undefined>;
  /**
   * All changes of one certificate in the order of their change numbers; empty when it was never issued.
   * `serialNumber` are the contents octets.
   */
  changesOf(authorityId: string, serialNumber: Buffer): Promise<readonly StatusChange[]>;
}
