import type { AuditActor } from '../../audit/audit-event.ts';
import type { Clock } from '../../core/clock.ts';
import type { Authority, DeploymentNames } from '../authority/authority.ts';
import { newestOffering } from '../authority/offered-profiles.ts';
import type { ServicePurpose } from '../authority/service-unit-store.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';
import type { IssuedCertificate } from './certificate-store.ts';

/** The profile has the purpose's name. */
const SERVICE_NAMES: Record<ServicePurpose, string> = {
  'time-stamping': 'Time Stamping Unit',
  seal: 'Validation Service',
};

export interface ServiceKeyIssuer {
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

/** The authority that certifies keys of a purpose now; throws CaError `profile-not-offered`. */
export async function serviceKeyAuthority(
  house: ServiceKeyIssuer,
  purpose: ServicePurpose,
): Promise<Authority> {
  const { issuing, profiles, clock, endedAuthorities } = house;
  const profile = requiredProfile(profiles, purpose);
  const authority = newestOffering(issuing.values(), profile, clock.now(), await endedAuthorities());
  if (authority) return authority;
  throw new CaError('profile-not-offered', `no authority here certifies ${purpose} units`);
}

/** Certifies a key of the service itself; `nodeName`: of another process than this, whose name the unit has. */
export async function certifyServiceKey(
  house: ServiceKeyIssuer,
  authority: Authority,
  key: { purpose: ServicePurpose; subjectPublicKeyInfo: Buffer; nodeName?: string },
  actor: AuditActor,
): Promise<CertifiedKey> {
  const { purpose, subjectPublicKeyInfo, nodeName } = key;
  const { organization } = authority.names ?? house.names;
  const token = await house.issuer.prepare({
    authorityId: authority.id,
    profileId: purpose,
    origin: `service-unit:${authority.id}${nodeName === undefined ? '' : `@${nodeName}`}`,
    subjectPublicKeyInfo,
    subject: {
      organization,
      serviceName: [SERVICE_NAMES[purpose], ...(nodeName === undefined ? [] : [nodeName])].join(' '),
    },
    authorization: { kind: 'service-exemption' },
  });
  return { authorityId: authority.id, certificate: await house.issuer.issue(token, actor) };
}
