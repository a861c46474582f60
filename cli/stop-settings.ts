/** How a process stops. */
export interface StopSettings {
  drainSeconds: number;
}

/** Rows of `SETTINGS`. */
export const STOP_SETTINGS = {
  drainSeconds: {
    flag: 'drain-seconds',
    variable: 'MOHR_DRAIN_SECONDS',
    fallback: '0',
    meaning:
      'how long a process that was told to stop (SIGTERM) goes on answering while `/ready` says no: longer than balancers take to notice (docs/OPERATIONS.md)',
  },
} as const;

export interface StopSettingsSource {
  text(name: keyof typeof STOP_SETTINGS): string | undefined;
  where(name: keyof typeof STOP_SETTINGS): string;
}

/** Longer than any balancer's interval, and shorter than an operator's patience. */
const DRAIN_SECONDS_MAX = 60;

/** Reads the settings; what is wrong goes to `faults`. */
export function readStopSettings({ text, where }: StopSettingsSource, faults: string[]): StopSettings {
  const written = text('drainSeconds') ?? STOP_SETTINGS.drainSeconds.fallback;
  const drainSeconds = /^[0-9]{1,2}$/.test(written) ? Number(written) : Infinity;
  if (drainSeconds > DRAIN_SECONDS_MAX)
    faults.push(`${where('drainSeconds')}: "${written}" is not a number from 0 to ${DRAIN_SECONDS_MAX}`);
  return { drainSeconds };
}
