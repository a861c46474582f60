import { resolve } from 'node:path';

import { DEFAULT_CRL_POLICY } from '../ca/crl/crl-house.ts';
import type { CrlAuthority } from '../ca/crl/crl-house.ts';

export const CRL_KINDS = ['complete', 'shards', 'delta'] as const;
/** Which CRLs an authority publishes. */
export type CrlKinds = Pick<CrlAuthority, (typeof CRL_KINDS)[number]>;

/** For the authorities that it names, and for all others. */
export interface CrlSwitches {
  others: CrlKinds;
  of: ReadonlyMap<string, CrlKinds>;
}

/** What a deployment chooses about its CRLs and who may look at its metrics. */
export interface CrlSettings {
  crls: CrlSwitches;
  crlArchiveDays: number;
  /** Absent: `metrics-token` in the data directory, made when there is none. */
  metricsTokenFile?: string;
}

/** Rows of `SETTINGS`. */
export const CRL_SETTINGS = {
  crls: {
    flag: 'crls',
    variable: 'MOHR_CRLS',
    fallback: 'complete,shards',
    meaning:
      'which CRLs are published, of `complete`, `shards` and `delta`; for one CA alone by `<ca>=…` after a blank: `complete,shards silver=complete,shards,delta`',
  },
  crlArchiveDays: {
    flag: 'crl-archive-days',
    variable: 'MOHR_CRL_ARCHIVE_DAYS',
    fallback: '400',
    meaning:
      'for so many days the last CRL of each day is kept whole; of every CRL number, times and hash are kept for ever',
  },
  metricsTokenFile: {
    flag: 'metrics-token-file',
    variable: 'MOHR_METRICS_TOKEN_FILE',
    fallback: '(in the data directory)',
    meaning: 'file with the bearer token for `/metrics`, readable by the service alone',
  },
} as const;

export const DEFAULT_CRL_SWITCHES: CrlSwitches = {
  others: { complete: true, shards: true, delta: false },
  of: new Map(),
};

/** A hundred years. */
const ARCHIVE_DAYS_MAX = 36_525;

export interface CrlSettingsSource {
  text(name: keyof typeof CRL_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof CRL_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readCrlSettings({ text, where }: CrlSettingsSource, faults: string[]): CrlSettings {
  const daysText = text('crlArchiveDays') ?? String(DEFAULT_CRL_POLICY.archiveDays);
  const crlArchiveDays = /^[0-9]{1,5}$/.test(daysText) ? Number(daysText) : NaN;
  if (!(crlArchiveDays <= ARCHIVE_DAYS_MAX))
    faults.push(`${where('crlArchiveDays')}: "${daysText}", expected 0 to ${ARCHIVE_DAYS_MAX} days`);
  const crls = readSwitches(text('crls') ?? '', (fault) => faults.push(`${where('crls')}: ${fault}`));
  const tokenFile = text('metricsTokenFile');
  return { crls, crlArchiveDays, ...(tokenFile !== undefined && { metricsTokenFile: resolve(tokenFile) }) };
}

function readSwitches(text: string, fail: (fault: string) => void): CrlSwitches {
  const of = new Map<string, CrlKinds>();
  let { others } = DEFAULT_CRL_SWITCHES;
  let othersSeen = false;
  for (const entry of text.split(/\s+/).filter(Boolean)) {
    const [, authorityId, list] = /^(?:([a-z][a-z0-9-]{0,40})=)?([a-z,]+)$/.exec(entry) ?? [];
    const names = list?.split(',') ?? [];
    const isTwice = authorityId === undefined ? othersSeen : of.has(authorityId);
    const fault = list === undefined ? 'expected <ca>=<kinds> or <kinds>' : faultOfKinds(names);
    if (fault ?? isTwice) {
      fail(`"${entry}" ${fault ?? 'is said twice'}`);
      continue;
    }
    const kinds = Object.fromEntries(
      CRL_KINDS.map((kind) => [kind, names.includes(kind)]),
    ) as unknown as CrlKinds;
    if (authorityId !== undefined) of.set(authorityId, kinds);
    else [others, othersSeen] = [kinds, true];
  }
  return { others, of };
}

function faultOfKinds(names: readonly string[]): string | undefined {
  const unknown = names.find((name) => !CRL_KINDS.some((kind) => kind === name));
  if (unknown !== undefined) return `has "${unknown}", expected some of ${CRL_KINDS.join(', ')}`;
  if (new Set(names).size < names.length) return 'names one twice';
  if (names.includes('delta') && !names.includes('complete')) return 'has delta, which needs complete';
  return undefined;
}
