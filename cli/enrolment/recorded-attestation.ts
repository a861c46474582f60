import type { AttestationSources } from '../../ca/approval/assert-still-attested.ts';
import { applicationOfOrigin } from '../../ra/application.ts';
import type { ActivationStore } from '../../ra/activation/activation-store.ts';
import { renewalOfOrigin } from '../../ra/renewal/renewal.ts';
import { attestationOf } from '../../ra/enrolment/shown-attestation.ts';
import type { AttestationStore } from '../../ra/enrolment/attestation-store.ts';
import type { EvidenceVault } from '../../ra/evidence/evidence-house.ts';

/** What the registration authority keeps, for the CA that looks at an open intent again. */
export function recordedAttestation(
  { activations, attestations }: { activations: ActivationStore; attestations: AttestationStore },
  vault: EvidenceVault,
): NonNullable<AttestationSources['recordedAttestation']> {
  return async (origin) => {
    const applicationId = applicationOfOrigin(origin);
    const used = applicationId && (await activations.usedOf(applicationId));
    if (used) return attestationOf({ attestations, vault }, { kind: 'activation', id: used.id });
    const renewalId = renewalOfOrigin(origin);
    return renewalId && attestationOf({ attestations, vault }, { kind: 'renewal', id: renewalId });
  };
}
