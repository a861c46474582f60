/** How much relying parties may ask for. */
export interface SessionSettings {
  /** Signature sessions that one relying party may open in a minute at this process. */
  sessionsPerMinute: number;
}

/** Rows of `SETTINGS`. */
export const SESSION_SETTINGS = {
  sessionsPerMinute: {
    flag: 'sessions-per-minute',
    variable: 'MOHR_SESSIONS_PER_MINUTE',
    fallback: '6000',
    meaning:
      'signature sessions that one relying party may open in a minute at one process; more are answered 429',
  },
} as const;

export interface SessionSettingsSource {
  text(name: keyof typeof SESSION_SETTINGS): string | undefined;
  where(name: keyof typeof SESSION_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readSessionSettings(
  { text, where }: SessionSettingsSource,
  faults: string[],
): SessionSettings {
  const written = text('sessionsPerMinute') ?? SESSION_SETTINGS.sessionsPerMinute.fallback;
  const sessionsPerMinute = /^[0-9]{1,7}$/.test(written) ? Number(written) : 0;
  if (sessionsPerMinute < 1)
    faults.push(`${where('sessionsPerMinute')}: "${written}" is not a number from 1 to 9999999`);
  return { sessionsPerMinute };
}
