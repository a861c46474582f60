import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import type { AttestationSources } from '../../ca/approval/assert-still-attested.ts';
import type { ServiceUnitHouse } from '../../ca/issue/ensure-service-unit.ts';
import type { JudgeAttestation } from '../../ca/issue/judge-attestation.ts';
import { assertSignsWith } from '../assert-signs.ts';
import { AuthorityStanding } from '../authority-standing.ts';
import { checkKeyWith } from '../check-key.ts';
import { openAttestationJudges } from '../enrolment/attestation-judge.ts';
import { openHierarchy } from '../open-authorities.ts';
import type { Hierarchy } from '../open-authorities.ts';
import { responderKeys } from '../responder-house.ts';
import { SERVICE } from '../service-actor.ts';
import type { TsaOptions } from '../tsa/open-tsa.ts';
import type { Ground } from './ground.ts';

/** The certification authorities as the other rooms know them, whether their keys are in this process or in another. */
export interface Certification {
  hierarchy: Hierarchy;
  standing: AuthorityStanding;
  judgeAttestation: JudgeAttestation;
  issuer: Pick<CertificateIssuer, 'prepare' | 'factsOf' | 'holderRefusals' | 'issue' | 'resume'>;
  /** Rejects when the key of a CA does not sign now. */
  assertSigns: (authorityId: string) => Promise<void>;
  /** What certifies keys of this process itself. */
  units: Omit<ServiceUnitHouse, 'onOverdue'>;
  /** Absent: certified by `units`. */
  timeStampingUnit?: TsaOptions['unit'];
}

/** The same where the keys are here. */
export type CertificationHere = Awaited<ReturnType<typeof openCertification>>;

/** Opens the keys of the CAs, and completes the intents that a crash has left. */
export async function openCertification(
  ground: Ground,
  recordedAttestation: NonNullable<AttestationSources['recordedAttestation']>,
) {
  const { options, keys, stores, base, interrupted } = ground;
  const hierarchy = await openHierarchy(stores, (reference) => keys.openSigner(reference));
  const { issuer, standing, judgeAttestation } = await openIssuer(ground, hierarchy, recordedAttestation);
  await interrupted.resumeAll(issuer, SERVICE);
  const responders = { ...base, ...responderKeys(issuer, keys, options.ocspKeyTypes ?? ['p-256']) };
  return {
    hierarchy,
    standing,
    judgeAttestation,
    issuer,
    responders,
    issuingIds: [...hierarchy.issuing.keys()],
    assertSigns: assertSignsWith(hierarchy.issuing),
    units: {
      ...base,
      ...responders,
      issuing: hierarchy.issuing,
      endedAuthorities: () => standing.ended(),
    },
  };
}

/** An issuer over a hierarchy; without the keys of it, one that says what would be issued. */
export async function openIssuer(
  { options, stores, base }: Ground,
  hierarchy: Hierarchy,
  recordedAttestation?: AttestationSources['recordedAttestation'],
) {
  const standing = new AuthorityStanding(stores.database, hierarchy);
  const { judge: judgeAttestation } = await openAttestationJudges(options.attestationFile);
  const issuer = new CertificateIssuer({
    ...base,
    judgeAttestation,
    ...(recordedAttestation && { recordedAttestation }),
    believesHolderSessions: options.estReenrolment ?? false,
    authorities: hierarchy.issuing,
    checkKey: checkKeyWith(stores.blockedKeys),
    checkAuthority: (id) => standing.check(id),
  });
  return { issuer, standing, judgeAttestation };
}
