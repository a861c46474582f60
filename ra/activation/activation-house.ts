import type { AuditActor } from '../../audit/audit-event.ts';
import type { CertificateDirectory } from '../certificate-directory.ts';
import type { AttestationJudge } from '../enrolment/judge-attestation.ts';
import type { HolderStore } from '../holders/holder-store.ts';
import type { OutboxHouse } from '../messages/queue-message.ts';
import type { RegistrationHouse } from '../registration-house.ts';
import type { SecretHasher } from '../self-service/secret-hash.ts';

/** What activating works with. */
export interface ActivationHouse extends RegistrationHouse, OutboxHouse {
  holders: Pick<HolderStore, 'find' | 'contactOf'>;
  directory: CertificateDirectory;
  judgeAttestation: AttestationJudge;
  secrets: SecretHasher;
  /** Wakes whoever sends messages. */
  onQueued(): void;
}

/** The holder's own doing, in events. */
export const ACTIVATION_ACTOR = { kind: 'service', id: 'activation' } as const satisfies AuditActor;
