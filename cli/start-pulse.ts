import { Pulse } from '../ca/crl/pulse.ts';

/** Does some work now and again in every interval, one at a time. */
export function startPulse(intervalMilliseconds: number, work: () => Promise<unknown>): Pulse {
  const pulse = new Pulse({ intervalMilliseconds, work });
  pulse.wake();
  return pulse;
}
