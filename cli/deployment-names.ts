import type { DeploymentNames } from '../ca/authority/authority.ts';

/** What an evaluation deployment says of itself; the arc is ITU's for examples. */
export function evaluationNames(publicUrl: string): DeploymentNames {
  return {
    publicUrl,
    oidArc: '2.999.364.1',
    nationalPolicyArc: '2.16.364.101.1.1',
    cpsUri: `${publicUrl}/cps`,
    organization: 'Mohr Evaluation',
    admissionAuthority: 'سازمان نظام پزشکی',
  };
}
