import { setTimeout as delay } from 'node:timers/promises';

/** Longer than the slow hash and some statements take: what differs between a person and nobody is lost in the rest. */
const ANSWER_MILLISECONDS = 400;

/** What work comes to, not before a fixed time has passed, so that the clock tells nobody who exists. */
export async function answerEvenly<T>(work: () => Promise<T>): Promise<T> {
  const [result] = await Promise.allSettled([work(), delay(ANSWER_MILLISECONDS)]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** By address; each person has a limit of their own beside it. */
export const SELF_SERVICE_RATE = { max: 10, timeWindow: '1 minute' };
