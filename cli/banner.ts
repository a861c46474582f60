import type { Settings } from './settings.ts';
import { tsaClockOf } from './tsa/tsa-settings.ts';
import type { TsaClock } from './tsa/tsa-settings.ts';

export interface BannerFacts {
  settings: Settings;
  authorityIds: readonly string[];
  /** Who answers for the foreign registers. */
  registers: string;
  /** Where messages to holders go. */
  messages: string;
  isEvaluation: boolean;
  loginLinks: readonly { name: string; role: string; link: string }[];
}

const CLOCKS: Readonly<Record<TsaClock, string>> = {
  chrony: 'while chronyd says that the clock is right',
  timesyncd: 'while systemd-timesyncd says that the clock is right',
  unchecked: 'by a clock that NOBODY CHECKS, and their policy says so',
};

/** What `mohr serve` prints once it listens: where everything is, and what this deployment is not. */
export function banner({
  settings,
  authorityIds,
  registers,
  messages,
  isEvaluation,
  loginLinks,
}: BannerFacts): string {
  const { publicUrl, consoleUrl } = settings;
  const rows: [string, string][] = [
    ['console, API', `${consoleUrl}/  ${consoleUrl}/docs`],
    ['health, readiness', `${publicUrl}/health  ${publicUrl}/ready`],
    ...authorityIds.map((id): [string, string] => [
      id,
      id === 'root'
        ? `${publicUrl}/ca/${id}.cer  ${publicUrl}/crl/${id}.crl`
        : `${publicUrl}/ca/${id}.cer  ${publicUrl}/crl/${id}.crl  ${publicUrl}/ocsp/${id}`,
    ]),
    ['data directory', settings.dataDirectory],
    [
      'database',
      settings.databaseUrl ? 'PostgreSQL' : 'embedded (PGlite): survives a crash, not a power cut',
    ],
    ['time stamps', `${publicUrl}/tsa  ${CLOCKS[tsaClockOf(settings)]}`],
    ['registers', registers],
    ['messages to holders', messages],
  ];
  const links = loginLinks.map(({ name, role, link }): [string, string] => [`${name} (${role})`, link]);
  return [
    '',
    ...rows.map(row),
    ...(links.length > 0 ? ['', 'Sign-in links (each works once, within an hour):', ...links.map(row)] : []),
    ...(isEvaluation
      ? ['', 'This is an EVALUATION root, made on this machine at the first start: trust it for nothing.']
      : []),
    '',
    `mohr is ready on ${settings.host}:${settings.port}`,
    '',
  ].join('\n');
}

function row([label, text]: [string, string]): string {
  return `  ${label.padEnd(34)} ${text}`;
}
