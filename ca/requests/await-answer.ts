import type { Clock } from '../../core/clock.ts';
import type { Answer, Asked, RequestStore } from './asked-issuance.ts';
import { DistantRefusal } from './distant-refusal.ts';

export interface AskingHouse {
  requests: RequestStore;
  clock: Clock;
  /** Resolves when an answer may have come, and soon in any case. */
  nextAnswer: () => Promise<void>;
  /** How long a caller waits; the request stays when nobody does any more. */
  patienceMilliseconds: Readonly<Record<Asked['kind'], number>>;
}

/**
 * Asks a CA in another process. Throws DistantRefusal: with the CA's code, or `ca-silent` when none has answered in time; the
 * request stays then, and a CA that comes back grants it.
 */
export async function awaitAnswer(
  { requests, clock, nextAnswer, patienceMilliseconds }: AskingHouse,
  asked: Asked,
): Promise<Extract<Answer, { outcome: 'done' }>> {
  const patience = AbortSignal.timeout(patienceMilliseconds[asked.kind]);
  const id = await requests.ask(asked, clock.now());
  while (!patience.aborted) {
    const answer = await requests.answerOf(id);
    if (answer?.outcome === 'done') return answer;
    if (answer) throw new DistantRefusal(answer.code, answer.detail, answer.mayPass);
    await nextAnswer();
  }
  throw new DistantRefusal('ca-silent', 'no process that holds the keys of the CA answers now', true);
}
