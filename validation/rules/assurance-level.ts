import { parseCertificatePolicies } from '../../pki/extensions/certificate-policies.ts';
import { CE } from '../../pki/oid.ts';
import type { HealthRule } from './rule.ts';

/** 1 Bronze, 2 Silver, 3 Gold, 4 Platinum. */
export type AssuranceLevel = 1 | 2 | 3 | 4;

const LEVELS: readonly AssuranceLevel[] = [1, 2, 3, 4];

/** The certificate claims a level of the national policy that is high enough; `arc` with the level behind it is the policy. */
export function assuranceLevel(levelMin: AssuranceLevel, arc: string): HealthRule {
  return {
    id: 'assurance-level',
    failure: 'assurance-level-too-low',
    judge({ certificate }) {
      const extension = certificate.extensions.get(CE.certificatePolicies);
      const policies = extension ? parseCertificatePolicies(extension.value).map(({ policy }) => policy) : [];
      const claimed = LEVELS.filter((level) => policies.includes(`${arc}.${level}`));
      const asked = `at least ${levelMin} is asked for`;
      if (claimed.length === 0)
        return { outcome: 'failed', detail: `the certificate claims no level, ${asked}` };
      const level = Math.max(...claimed);
      return { outcome: level >= levelMin ? 'passed' : 'failed', detail: `level ${level}, ${asked}` };
    },
  };
}
