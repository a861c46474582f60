import type { Reason } from '../reason.ts';
import type { ReadTimeStamp } from './validate-time-stamp.ts';

/** What each kind comes after, in the life of a signature; a document's may stand anywhere after the content's. */
const RANKS: Record<ReadTimeStamp['stamp']['kind'], number> = {
  content: 0,
  signature: 1,
  document: 1,
  archive: 2,
};

/**
 * EN 319 102-1 §5.5.4: the times of valid time stamps must be in the order in which they can have been made: the content's,
 * the signature's, those over it; and none before one that it covers. Accuracies are allowed for.
 */
export function orderFaults(valid: readonly ReadTimeStamp[]): Reason[] {
  const disordered = valid.some((later) =>
    valid.some((earlier) => mustPrecede(earlier, later) && isAfter(earlier, later)),
  );
  const text = 'the time stamps contradict each other: one is earlier than what it must have followed';
  return disordered ? [{ code: 'time-stamps-out-of-order', text }] : [];
}

function mustPrecede(earlier: ReadTimeStamp, later: ReadTimeStamp): boolean {
  if (RANKS[earlier.stamp.kind] < RANKS[later.stamp.kind]) return true;
  const covered = later.stamp.protects?.timeStamps ?? [];
  return covered.some((token) => token.equals(earlier.stamp.token));
}

/** For certain, whatever the accuracies of both. */
function isAfter({ token: { info: a } }: ReadTimeStamp, { token: { info: b } }: ReadTimeStamp): boolean {
  const earliest = a.genTime.getTime() - (a.accuracyMilliseconds ?? 0);
  return earliest > b.genTime.getTime() + (b.accuracyMilliseconds ?? 0);
}
