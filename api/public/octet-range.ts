/** Octets of a representation, both ends included. */
export interface OctetRange {
  first: number;
  last: number;
}

/**
 * The one range that a Range header asks of so many octets (RFC 9110 §14.2), `unsatisfiable` when none of them is there;
 * undefined when all is to be sent: without a header, or with one that is not understood or asks for several ranges.
 */
export function octetRange(
  range: string | undefined,
  octets: number,
): OctetRange | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') {
    const count = Math.min(Number(to), octets);
    return count > 0 ? { first: octets - count, last: octets - 1 } : 'unsatisfiable';
  }
  const first = Number(from);
  const last = to === '' ? octets - 1 : Math.min(Number(to), octets - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first < octets ? { first, last } : 'unsatisfiable';
}

/** Views on those octets of what comes in parts. */
export function* octetsInRange(
  parts: readonly Uint8Array[],
  { first, last }: OctetRange,
): Generator<Uint8Array> {
  let at = 0;
  for (const part of parts) {
    const from = Math.max(first - at, 0);
    const to = Math.min(last + 1 - at, part.length);
    at += part.length;
    if (from < to) yield part.subarray(from, to);
    if (at > last) return;
  }
}
