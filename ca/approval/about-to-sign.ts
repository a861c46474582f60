import type { CertifiedFacts } from '../../pki/approval/approval-document.ts';
import type { LintedTbs } from '../issue/linted-tbs.ts';
import type { Profile } from '../profile.ts';

/** What is about to be signed, as the CA itself sees it. */
export interface AboutToSign {
  token: LintedTbs;
  profile: Profile;
  /** As `certifiedFacts` reads them from the token's octets. */
  actual: CertifiedFacts;
  now: Date;
}
