import { DistantIssuer } from '../../ca/requests/distant-issuer.ts';
import { TsaError } from '../../tsa/tsa-error.ts';
import { AnswerBell } from '../answer-bell.ts';
import { openKeylessHierarchy } from '../open-authorities.ts';
import { responderKeys } from '../responder-house.ts';
import { openIssuer } from './certification.ts';
import type { Certification } from './certification.ts';
import type { Ground } from './ground.ts';

/** An officer waits so long at most; what was asked is done by a CA that comes later, too. */
const PATIENCE_MILLISECONDS = 15_000;
/** A CA that is there says so in milliseconds. */
const READINESS_MILLISECONDS = 5_000;

/** The certification authorities of another process: what they would issue is known here, and they are asked to issue it. */
export async function openDistantCertification(ground: Ground): Promise<Certification> {
  const { options, keys, stores, base, closers } = ground;
  const hierarchy = await openKeylessHierarchy(stores);
  const { issuer: preflight, standing, judgeAttestation } = await openIssuer(ground, hierarchy);
  const bell = new AnswerBell();
  closers.unshift(async () => bell.close());
  await options.opened.listen('issuance_answer', () => bell.ring());
  const issuer = new DistantIssuer({
    ...base,
    preflight,
    requests: stores.issuanceRequests,
    nextAnswer: () => bell.next(),
    patienceMilliseconds: { issue: PATIENCE_MILLISECONDS, readiness: READINESS_MILLISECONDS },
  });
  const { createKey, ...unitKeys } = responderKeys(issuer, keys, []);
  const units = {
    ...base,
    ...unitKeys,
    // A CA that is away must not fill the key folder with keys that nobody certifies.
    createKey: async (...key: Parameters<typeof createKey>) => {
      for (const id of hierarchy.issuing.keys()) await issuer.assertSigns(id);
      return createKey(...key);
    },
    issuing: hierarchy.issuing,
    endedAuthorities: () => standing.ended(),
  };
  return {
    hierarchy,
    standing,
    judgeAttestation,
    issuer,
    assertSigns: (authorityId) => issuer.assertSigns(authorityId),
    units,
    // No CA certifies one for whoever asks: time stamps are made by nodes that an operator has enrolled (`MOHR_TSA_URL`).
    timeStampingUnit: () =>
      Promise.reject(new TsaError('time-stamping-unit-missing', 'this process stamps nothing')),
  };
}
