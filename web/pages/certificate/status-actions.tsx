import { systemClock } from '../../../core/clock.ts';
import { useOfficer } from '../../app/officer-context.ts';
import type { StatusAction } from '../../client/certificates.ts';
import type { CertificateWithHistory, Role } from '../../client/types.ts';
import { standingOf } from '../../parts/certificate-standing.ts';
import type { Standing } from '../../parts/certificate-standing.ts';
import { HoldButton } from './hold-button.tsx';
import { ReleaseButton } from './release-button.tsx';
import { RevokeButton } from './revoke-button.tsx';

/** From which standing, and in which role; the service has the last word. */
const ACTIONS: Record<StatusAction, { from: readonly Standing[]; roles: readonly Role[] }> = {
  hold: { from: ['valid'], roles: ['clerk', 'ca-operator'] },
  release: { from: ['on-hold'], roles: ['ca-operator'] },
  revoke: { from: ['valid', 'on-hold'], roles: ['ca-operator'] },
};

export function StatusActions({ certificate }: { certificate: CertificateWithHistory }) {
  const { roles } = useOfficer();
  const standing = standingOf(certificate, systemClock.now());
  const may = (action: StatusAction) =>
    ACTIONS[action].from.includes(standing) && roles.some((role) => ACTIONS[action].roles.includes(role));
  return (
    <>
      {may('hold') && <HoldButton name={certificate} />}
      {may('release') && <ReleaseButton name={certificate} />}
      {may('revoke') && <RevokeButton name={certificate} />}
    </>
  );
}
