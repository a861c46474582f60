import type { CertifiedFacts } from '../../pki/approval/approval-document.ts';
import type { Profile } from '../profile.ts';

/** What is about to be signed, as the CA itself sees it. */
export interface AboutToSign {
  origin: string;
  subjectPublicKeyInfo: Buffer;
  profile: Profile;
  /** Read from the octets; of an intent, what can be read from it. */
  actual: Partial<CertifiedFacts>;
  /** Of an intent, whose profile may have changed since: compared with the duration that was approved. */
  period?: { notBefore: Date; notAfter: Date };
  now: Date;
}
