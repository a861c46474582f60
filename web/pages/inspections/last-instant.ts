/** Periods and terms end at the midnight after their last day; people read that day. */
export function lastInstant(before: string): string {
  return new Date(new Date(before).getTime() - 1).toISOString();
}
