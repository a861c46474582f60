import { SETTLED_SECONDS } from './responder-key.ts';
import type { ResponderKey } from './responder-key.ts';

/**
 * Moment (epoch milliseconds) until which `selectResponderKey` chooses among these keys as it does now: no certificate
 * begins, settles, nears its end or ends before.
 */
export function selectionHoldsUntil(
  keys: readonly ResponderKey[],
  { now, nextUpdate }: { now: Date; nextUpdate: Date },
): number {
  const nowMs = now.getTime();
  const validityMs = nextUpdate.getTime() - nowMs;
  let untilMs = Infinity;
  for (const { certificate } of keys) {
    const notBeforeMs = certificate.notBefore.getTime();
    const notAfterMs = certificate.notAfter.getTime();
    // One millisecond ahead of each event: what holds at its very moment is decided anew.
    const eventsMs = [notBeforeMs, notBeforeMs + SETTLED_SECONDS * 1000, notAfterMs - validityMs, notAfterMs];
    for (const eventMs of eventsMs) if (eventMs > nowMs) untilMs = Math.min(untilMs, eventMs - 1);
  }
  return untilMs;
}
