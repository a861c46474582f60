import { syntheticDoctor } from '../../cli/registers/registered-person.ts';
import type { LicenceMessage } from '../../ra/licence/licence-message.ts';
import type { IssuedDoctor } from './issue-doctor.ts';

let lastLetter = 0;

/** A message of the Council, each time of another id; override what a test is about. */
export function licenceMessage(override: Record<string, unknown> = {}): Record<string, unknown> {
  lastLetter += 1;
  const { councilNumber, nationalId } = syntheticDoctor(500_000 + lastLetter);
  const messageId = `letter-${lastLetter}`;
  return { messageId, councilNumber, nationalId, sequence: 1, event: 'suspended', ...override };
}

/** Who a doctor's messages are about. */
export function holderOf({
  body,
}: Pick<IssuedDoctor, 'body'>): Pick<LicenceMessage, 'councilNumber' | 'nationalId'> {
  const { councilNumber, nationalId } = body.applicant as never as LicenceMessage;
  return { councilNumber, nationalId };
}
