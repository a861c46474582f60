import type { IssuanceRequest } from '../ca/issue/issuance-request.ts';
import { newestOffering } from '../ca/authority/offered-profiles.ts';
import { CaError } from '../ca/ca-error.ts';
import { requiredProfile } from '../ca/load-profiles.ts';
import { changeStatus } from '../ca/status/change-status.ts';
import type { DeploymentNames } from '../ca/authority/authority.ts';
import { digest } from '../pki/digest-algorithm.ts';
import type {
  ConfirmedCertification,
  OfficerCertificateRequest,
  OfficerCertifier,
} from '../ra/officer-certificates/officer-certifier.ts';
import type { CaSide } from './ca-for-ra.ts';

const PROFILE = 'officer';

/** The certification authority as the registration authority wants it for its own officers. */
export function officerCertifier(ca: CaSide & { names: DeploymentNames }): OfficerCertifier {
  return {
    check: async (request) =>
      void (await ca.issuer.prepare(await issuanceRequestOf(ca, request, 'officer-change:check'))),
    issue: async (request, confirmed, actor) => {
      const origin = `officer-change:${confirmed.changeId}`;
      const known = await ca.transactions.transaction((tx) => ca.certificates.findByOrigin(tx, origin));
      if (known) return known.sha256;
      const token = await ca.issuer.prepare(await issuanceRequestOf(ca, request, origin, confirmed));
      const { bytes } = await ca.issuer.issue(token, actor);
      await ca.whenVisible();
      return digest('sha256', bytes);
    },
    revoke: async ({ authorityId, serialNumber }, reason, actor) => {
      const requestedBy = `${actor.kind}:${actor.id}`;
      const request = {
        authorityId,
        serialNumber,
        event: 'revoked',
        reason,
        requestedBy,
      } as const;
      await changeStatus(ca.status, request, actor);
      await ca.whenVisible();
    },
  };
}

async function issuanceRequestOf(
  ca: CaSide & { names: DeploymentNames },
  { officer, office, subjectPublicKeyInfo }: OfficerCertificateRequest,
  origin: string,
  confirmed?: ConfirmedCertification,
): Promise<IssuanceRequest> {
  const profile = requiredProfile(ca.profiles, PROFILE);
  const ended = await ca.standing.ended();
  const authority = newestOffering(ca.authorities.values(), profile, ca.status.clock.now(), ended);
  if (!authority) throw new CaError('profile-not-offered', `no issuing CA here offers ${PROFILE}`);
  const { organization } = authority.names ?? ca.names;
  return {
    authorityId: authority.id,
    profileId: PROFILE,
    origin,
    subjectPublicKeyInfo,
    subject: { organization, office: shortened(office.name), latinName: shortened(officer.name) },
    ...(confirmed && { authorization: { kind: 'officer-change-exemption', ...confirmed } }),
  };
}

/** Names are for people; ub-organizational-unit-name and ub-common-name (RFC 5280 appendix A.1) allow 64 characters. */
const NAME_CHARACTERS_MAX = 64;

function shortened(name: string): string {
  return [...name].slice(0, NAME_CHARACTERS_MAX).join('').trim();
}
