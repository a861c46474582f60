import type { AuditActor } from '../../audit/audit-event.ts';
import type { Clock } from '../../core/clock.ts';
import type { Authority, DeploymentNames } from '../authority/authority.ts';
import { newestOffering } from '../authority/offered-profiles.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';
import type { IssuedCertificate } from './certificate-store.ts';

const TIME_STAMPING_PROFILE = 'time-stamping';

export interface TimeStampingIssuer {
  issuer: Pick<CertificateIssuer, 'prepare' | 'issue'>;
  issuing: ReadonlyMap<string, Authority>;
  /** Ids of authorities that are revoked or on hold. */
  endedAuthorities: () => Promise<ReadonlySet<string>>;
  profiles: Profiles;
  names: DeploymentNames;
  clock: Clock;
}

interface CertifiedKey {
  authorityId: string;
  certificate: IssuedCertificate;
}

/** The authority that certifies time-stamping units now; throws CaError `profile-not-offered`. */
export async function timeStampingAuthority(house: TimeStampingIssuer): Promise<Authority> {
  const { issuing, profiles, clock, endedAuthorities } = house;
  const profile = requiredProfile(profiles, TIME_STAMPING_PROFILE);
  const authority = newestOffering(issuing.values(), profile, clock.now(), await endedAuthorities());
  if (authority) return authority;
  throw new CaError('profile-not-offered', 'no authority here certifies time-stamping units');
}

/** Certifies a key for time stamps; `nodeName`: of another process than this, whose name the unit has. */
export async function certifyTimeStampingKey(
  house: TimeStampingIssuer,
  authority: Authority,
  { subjectPublicKeyInfo, nodeName }: { subjectPublicKeyInfo: Buffer; nodeName?: string },
  actor: AuditActor,
): Promise<CertifiedKey> {
  const { organization } = authority.names ?? house.names;
  const token = await house.issuer.prepare({
    authorityId: authority.id,
    profileId: TIME_STAMPING_PROFILE,
    origin: `time-stamping-unit:${authority.id}${nodeName === undefined ? '' : `@${nodeName}`}`,
    subjectPublicKeyInfo,
    subject: {
      organization,
      serviceName: ['Time Stamping Unit', ...(nodeName === undefined ? [] : [nodeName])].join(' '),
    },
    authorization: { kind: 'service-exemption' },
  });
  return { authorityId: authority.id, certificate: await house.issuer.issue(token, actor) };
}
