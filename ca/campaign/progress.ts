/** How far a campaign is. */
export interface Progress {
  /** Part of the input that is done, 0 to 1; undefined where its length is not known. */
  part?: number;
  elapsedSeconds: number;
  /** Rows by outcome. */
  counts: Readonly<Record<string, number>>;
}

/** One line for the operator: rows, outcomes, rows a second, and the time left at this rate. */
export function progressText({ part, elapsedSeconds, counts }: Progress): string {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const outcomes = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  const rate = elapsedSeconds > 0 ? Math.round(rows / elapsedSeconds) : 0;
  const texts = [`${rows} rows`, ...outcomes, `${rate}/s`];
  if (part !== undefined && part > 0) {
    texts.push(`${Math.floor(part * 100)} %`, `${durationText((elapsedSeconds * (1 - part)) / part)} left`);
  }
  return texts.join(', ');
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.ceil(whole / 60)} min`;
  return `${Math.floor(whole / 3600)} h ${Math.ceil((whole % 3600) / 60)} min`;
}
