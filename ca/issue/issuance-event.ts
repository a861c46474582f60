import type { AuditActor, AuditEvent } from '../../audit/audit-event.ts';
import type { IssuanceIntent } from './certificate-store.ts';
import type { JudgedAttestation } from './judge-attestation.ts';

/** The audit event of one step of issuing: which certificate, for what origin, under which version of which profile. */
export function issuanceEvent(
  action: string,
  intent: IssuanceIntent,
  {
    at,
    actor,
    details = {},
    refusalCode,
  }: { at: Date; actor: AuditActor; details?: AuditEvent['details']; refusalCode?: string },
): AuditEvent {
  return {
    at,
    actor,
    action,
    ...(refusalCode === undefined ? { outcome: 'accepted' } : { outcome: 'refused', refusalCode }),
    subject: `certificate:${intent.authorityId}/${intent.serialNumber.toString('hex')}`,
    details: { origin: intent.origin, profile: `${intent.profileId}@${intent.profileVersion}`, ...details },
  };
}

/** How events tell what the CA has found of an attestation. */
export function attestationDetails({ sha256, verdict }: JudgedAttestation): Record<string, string> {
  const named = { attestationSha256: sha256.toString('hex') };
  if ('hardware' in verdict) return { ...named, keyHardware: verdict.hardware };
  return { ...named, attestationFault: verdict.fault };
}
