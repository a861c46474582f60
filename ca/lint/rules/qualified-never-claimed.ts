import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** QcCompliance, QcSSCD, QcType and their siblings. */
const QC_STATEMENTS = '0.4.0.1862.1.';
/** Certificate policies of EU qualified certificates (EN 319 411-2 §5.3). */
const QUALIFIED_POLICIES = '0.4.0.194112.';

/** The deployment is no EU trust service: its certificates never claim to be qualified. */
export const qualifiedNeverClaimed: CertificateLint = {
  id: 'qualified-never-claimed',
  source: 'EN 319 412-5 §4.2 and §4.3, EN 319 411-2 §5.3, practice statement: profiles',
  check({ certificate }) {
    const { qcStatements, certificatePolicies } = parsedExtensions(certificate);
    if (!qcStatements && !certificatePolicies) return 'not-applicable';
    const statement = qcStatements?.find(({ id }) => id.startsWith(QC_STATEMENTS));
    if (statement) return error(`the statement ${statement.id} claims an EU qualified certificate`);
    const policy = certificatePolicies?.find((entry) => entry.policy.startsWith(QUALIFIED_POLICIES));
    return policy ? error(`the policy ${policy.policy} claims an EU qualified certificate`) : 'pass';
  },
};
