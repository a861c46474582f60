import type { AuditActor, AuditEvent } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { originOf } from '../application.ts';
import { RaError } from '../ra-error.ts';
import { PERSONALISATION_STATES, PERSONALISATION_STEPS } from './personalisation.ts';
import type {
  Personalisation,
  PersonalisationId,
  PersonalisationStep,
  PersonalisationStepName,
} from './personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';

export interface StepInput {
  id: PersonalisationId;
  step: PersonalisationStepName;
  actor: AuditActor;
  /** What the step adds. */
  facts?: Partial<Pick<Personalisation, 'subjectPublicKeyInfo' | 'challenge' | 'receipt'>>;
  details?: AuditEvent['details'];
  /** What follows in the same transaction; only when the step is taken now. */
  also?: (tx: Transaction, personalisation: Personalisation) => Promise<void>;
}

type Stepping = Pick<PersonalisationHouse, 'personalisations' | 'audit' | 'transactions' | 'clock'>;

/**
 * Takes one step by the table, with its event, in one transaction. One that was taken before changes nothing, so that whoever got
 * no answer asks again. Throws RaError `personalisation-state`.
 */
export function takeStep(house: Stepping, input: StepInput): Promise<Personalisation> {
  return house.transactions.transaction((tx) => takeStepIn(house, tx, input));
}

async function takeStepIn(
  house: Stepping,
  tx: Transaction,
  { id, step, actor, facts = {}, details = {}, also }: StepInput,
): Promise<Personalisation> {
  const current = await house.personalisations.lock(tx, id);
  if (!current) throw new RaError('personalisation-unknown', 'no such personalisation');
  const { from, to, event }: PersonalisationStep = PERSONALISATION_STEPS[step];
  if (isDone(current, to)) return current;
  if (!from.includes(current.state))
    throw new RaError('personalisation-state', `${step} does not follow ${current.state}`);
  const changedAt = house.clock.now();
  const next: Personalisation = { ...current, ...facts, state: to, version: current.version + 1, changedAt };
  await house.personalisations.update(tx, next);
  await also?.(tx, next);
  await house.audit.record(tx, {
    at: changedAt,
    actor,
    action: event,
    outcome: 'accepted',
    subject: originOf(next.applicationId),
    details: { personalisation: id, card: next.cardId, ...details },
  });
  return next;
}

/** At that state, or past it; what was abandoned has done nothing but that. */
function isDone({ state }: Personalisation, to: Personalisation['state']): boolean {
  if (state === 'abandoned' || to === 'abandoned') return state === to;
  return PERSONALISATION_STATES.indexOf(state) >= PERSONALISATION_STATES.indexOf(to);
}
