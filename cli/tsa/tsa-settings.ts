export const TSA_CLOCKS = ['chrony', 'timesyncd', 'unchecked'] as const;
/** Who says that the machine's clock is synchronised; `unchecked`: nobody, and the tokens' policy says so. */
export type TsaClock = (typeof TSA_CLOCKS)[number];

/** What a deployment chooses about time stamps. */
export interface TsaSettings {
  /** Absent: `unchecked` with the embedded database, else `chrony`. */
  tsaClock?: TsaClock;
  tsaAccuracyMilliseconds: number;
  /** Absent: by the clock, under the deployment's arc. */
  tsaPolicy?: string;
  /** Another authority that signatures of this deployment are stamped by; absent: its own. */
  tsaUrl?: string;
}

/** Rows of `SETTINGS`. */
export const TSA_SETTINGS = {
  tsaClock: {
    flag: 'tsa-clock',
    variable: 'MOHR_TSA_CLOCK',
    fallback: '(unchecked with the embedded database, else chrony)',
    meaning:
      'who says that the clock is synchronised, without which nothing is stamped: `chrony`, `timesyncd`, or `unchecked` for an evaluation (docs/TSA.md)',
  },
  tsaAccuracyMilliseconds: {
    flag: 'tsa-accuracy-ms',
    variable: 'MOHR_TSA_ACCURACY_MS',
    fallback: '1000',
    meaning: 'accuracy that time stamps state; a clock that may be wrong by more stamps nothing',
  },
  tsaPolicy: {
    flag: 'tsa-policy',
    variable: 'MOHR_TSA_POLICY',
    fallback: '(arc.5.1; arc.5.2 when the clock is unchecked)',
    meaning: 'object identifier of the policy that time stamps are made under',
  },
  tsaUrl: {
    flag: 'tsa-url',
    variable: 'MOHR_TSA_URL',
    fallback: '(this service)',
    meaning: 'time-stamping authority that signatures are stamped by when they are augmented',
  },
} as const;

export interface TsaSettingsSource {
  text(name: keyof typeof TSA_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof TSA_SETTINGS): string;
}

/** A millisecond is what tokens can tell apart; more than a minute is no accuracy. */
const ACCURACY_MILLISECONDS_MAX = 60_000;

const OBJECT_IDENTIFIER = /^[0-2](\.(0|[1-9][0-9]{0,14})){1,30}$/;

/** Reads the settings; what is wrong goes to `faults`. */
export function readTsaSettings({ text, where }: TsaSettingsSource, faults: string[]): TsaSettings {
  const clockText = text('tsaClock');
  const tsaClock = TSA_CLOCKS.find((clock) => clock === clockText);
  if (clockText !== undefined && tsaClock === undefined)
    faults.push(`${where('tsaClock')}: "${clockText}" is none of ${TSA_CLOCKS.join(', ')}`);
  const accuracyText = text('tsaAccuracyMilliseconds') ?? TSA_SETTINGS.tsaAccuracyMilliseconds.fallback;
  const accuracy = /^[0-9]{1,5}$/.test(accuracyText) ? Number(accuracyText) : NaN;
  if (!(accuracy >= 1 && accuracy <= ACCURACY_MILLISECONDS_MAX))
    faults.push(
      `${where('tsaAccuracyMilliseconds')}: "${accuracyText}", expected 1 to ${ACCURACY_MILLISECONDS_MAX}`,
    );
  const tsaPolicy = text('tsaPolicy');
  if (tsaPolicy !== undefined && !OBJECT_IDENTIFIER.test(tsaPolicy))
    faults.push(`${where('tsaPolicy')}: "${tsaPolicy}" is no object identifier`);
  const tsaUrl = text('tsaUrl');
  if (tsaUrl !== undefined && !isHttpUrl(tsaUrl))
    faults.push(`${where('tsaUrl')}: not an http or https URL without a password`);
  return {
    ...(tsaClock && { tsaClock }),
    tsaAccuracyMilliseconds: accuracy,
    ...(tsaPolicy !== undefined && { tsaPolicy }),
    ...(tsaUrl !== undefined && { tsaUrl }),
  };
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** The clock that a deployment has chosen, or that follows from its database: one of its own is an evaluation. */
export function tsaClockOf({
  tsaClock,
  databaseUrl,
}: Pick<TsaSettings, 'tsaClock'> & { databaseUrl?: string }): TsaClock {
  return tsaClock ?? (databaseUrl === undefined ? 'unchecked' : 'chrony');
}
