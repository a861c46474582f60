import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import { ensureResponders } from '../../ca/issue/ensure-responder.ts';
import { AuthorityStanding } from '../authority-standing.ts';
import { checkKeyWith } from '../check-key.ts';
import { openAttestationJudges } from '../enrolment/attestation-judge.ts';
import { recordedAttestation } from '../enrolment/recorded-attestation.ts';
import { openHierarchy } from '../open-authorities.ts';
import { responderKeys } from '../responder-house.ts';
import { SERVICE } from '../service-actor.ts';
import type { Ground } from './ground.ts';

/** The certification authorities of this process: their keys, and who issues with them. */
export type Certification = Awaited<ReturnType<typeof openCertification>>;

/** Opens the keys of the CAs, completes the intents that a crash has left, and certifies the responders of this process. */
export async function openCertification({ options, keys, stores, base, vault, interrupted }: Ground) {
  const hierarchy = await openHierarchy(stores, (reference) => keys.openSigner(reference));
  const standing = new AuthorityStanding(stores.database, hierarchy);
  const { judge: judgeAttestation } = await openAttestationJudges(options.attestationFile);
  const issuer = new CertificateIssuer({
    ...base,
    judgeAttestation,
    recordedAttestation: recordedAttestation(stores, vault),
    believesHolderSessions: options.estReenrolment ?? false,
    authorities: hierarchy.issuing,
    checkKey: checkKeyWith(stores.blockedKeys),
    checkAuthority: (id) => standing.check(id),
  });
  await interrupted.resumeAll(issuer, SERVICE);
  const responders = { ...base, ...responderKeys(issuer, keys, options.ocspKeyTypes ?? ['p-256']) };
  const issuingIds = [...hierarchy.issuing.keys()];
  await ensureResponders(responders, issuingIds, SERVICE);
  const units = {
    ...base,
    ...responders,
    issuing: hierarchy.issuing,
    endedAuthorities: () => standing.ended(),
  };
  return { hierarchy, standing, judgeAttestation, issuer, responders, issuingIds, units };
}
