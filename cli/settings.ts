import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { consoleUrlOf, faultOfConsoleUrl } from './console-url.ts';
import { CARD_SETTINGS, readCardSettings } from './cards/card-settings.ts';
import type { CardSettings } from './cards/card-settings.ts';
import { CRL_SETTINGS, readCrlSettings } from './crl-settings.ts';
import type { CrlSettings } from './crl-settings.ts';
import { ENROLMENT_SETTINGS, readEnrolmentSettings } from './enrolment/enrolment-settings.ts';
import type { EnrolmentSettings } from './enrolment/enrolment-settings.ts';
import { KEY_SETTINGS, readKeySettings } from './key-settings.ts';
import type { KeySettings } from './key-settings.ts';
import { NETWORK_SETTINGS, readNetworkSettings } from './network-settings.ts';
import type { NetworkSettings } from './network-settings.ts';
import { LOG_SETTINGS, readLogSettings } from './transparency/log-settings.ts';
import type { LogSettings } from './transparency/log-settings.ts';
import { MESSAGE_SETTINGS, readMessageSettings } from './messages/message-settings.ts';
import type { MessageSettings } from './messages/message-settings.ts';
import { OCSP_WORKER_SETTINGS, readOcspWorkerSettings } from './ocsp-workers.ts';
import type { OcspWorkerSettings } from './ocsp-workers.ts';
import { PUSH_SETTINGS, readPushSettings } from './push/push-settings.ts';
import type { PushSettings } from './push/push-settings.ts';
import { REGISTER_SETTINGS, readRegisterSettings } from './registers/register-settings.ts';
import type { RegisterSettings } from './registers/register-settings.ts';
import { REVOCATION_SETTINGS, readRevocationSettings } from './revocation-settings.ts';
import type { RevocationSettings } from './revocation-settings.ts';
import { ROLE_SETTINGS, readRoleSettings } from './roles.ts';
import type { RoleSettings } from './roles.ts';
import { SESSION_SETTINGS, readSessionSettings } from './session-settings.ts';
import type { SessionSettings } from './session-settings.ts';
import { STOP_SETTINGS, readStopSettings } from './stop-settings.ts';
import type { StopSettings } from './stop-settings.ts';
import { TRACE_SETTINGS, readTraceSettings } from './tracing/trace-settings.ts';
import type { TraceSettings } from './tracing/trace-settings.ts';
import { TSA_SETTINGS, readTsaSettings } from './tsa/tsa-settings.ts';
import type { TsaSettings } from './tsa/tsa-settings.ts';
import { TLS_SETTINGS, readTlsSettings } from './tls-settings.ts';
import type { TlsSettings } from './tls-settings.ts';

/** Everything that a deployment chooses; nothing else of the environment is read. */
export interface Settings
  extends
    KeySettings,
    CrlSettings,
    RoleSettings,
    OcspWorkerSettings,
    RegisterSettings,
    TlsSettings,
    RevocationSettings,
    EnrolmentSettings,
    MessageSettings,
    NetworkSettings,
    PushSettings,
    SessionSettings,
    CardSettings,
    LogSettings,
    TsaSettings,
    TraceSettings,
    StopSettings {
  host: string;
  port: number;
  /** Base of CDP and AIA addresses, without a slash at the end. */
  publicUrl: string;
  /** Base of what officers open; its host is the relying party of their passkeys. */
  consoleUrl: string;
  dataDirectory: string;
  /** Absent: the embedded database in the data directory. */
  databaseUrl?: string;
  logLevel: string;
}

/** One row per setting: flag, variable, default, and how its text is read. */
export const SETTINGS = {
  host: { flag: 'host', variable: 'MOHR_HOST', fallback: '127.0.0.1', meaning: 'address to listen on' },
  port: { flag: 'port', variable: 'MOHR_PORT', fallback: '8080', meaning: 'port to listen on' },
  publicUrl: {
    flag: 'public-url',
    variable: 'MOHR_PUBLIC_URL',
    fallback: 'http://<host>:<port>',
    meaning: 'address under which relying parties reach this service; stands in CDP and AIA',
  },
  consoleUrl: {
    flag: 'console-url',
    variable: 'MOHR_CONSOLE_URL',
    fallback: '(from the public URL)',
    meaning:
      'address under which officers sign in, with passkeys that are made for its host: https, or http on `localhost`. Else the public URL with https, and with `localhost` for a loopback address',
  },
  dataDirectory: {
    flag: 'data-dir',
    variable: 'MOHR_DATA_DIR',
    fallback: 'data',
    meaning: 'keys and embedded database',
  },
  databaseUrl: {
    flag: 'database-url',
    variable: 'DATABASE_URL',
    fallback: '(embedded)',
    meaning: 'PostgreSQL to use instead of the embedded one',
  },
  ...KEY_SETTINGS,
  ...CRL_SETTINGS,
  ...ROLE_SETTINGS,
  ...OCSP_WORKER_SETTINGS,
  ...REGISTER_SETTINGS,
  ...TLS_SETTINGS,
  ...REVOCATION_SETTINGS,
  ...ENROLMENT_SETTINGS,
  ...MESSAGE_SETTINGS,
  ...PUSH_SETTINGS,
  ...NETWORK_SETTINGS,
  ...SESSION_SETTINGS,
  ...CARD_SETTINGS,
  ...LOG_SETTINGS,
  ...TSA_SETTINGS,
  ...TRACE_SETTINGS,
  ...STOP_SETTINGS,
  logLevel: {
    flag: 'log-level',
    variable: 'MOHR_LOG_LEVEL',
    fallback: 'warn',
    meaning: 'of the JSON log on standard error: `fatal`, `error`, `warn`, `info`, `debug` or `trace`',
  },
} as const;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'];

/** Addresses that mean all of the machine's: nobody can be sent to them. */
const UNSPECIFIED_HOSTS = ['0.0.0.0', '::'];

export type SettingsOutcome = { settings: Settings; faults?: undefined } | { faults: string[] };

/** Reads flags over variables over defaults; all faults are reported together. */
export function readSettings(args: string[], environment: NodeJS.ProcessEnv): SettingsOutcome {
  const faults: string[] = [];
  const flags = readFlags(args, faults);
  const text = (name: keyof typeof SETTINGS): string | undefined => {
    const { flag, variable } = SETTINGS[name];
    return flags[flag] ?? (environment[variable] || undefined);
  };
  const where = (name: keyof typeof SETTINGS) => `${SETTINGS[name].variable} (--${SETTINGS[name].flag})`;

  const host = text('host') ?? SETTINGS.host.fallback;
  if (!/^[A-Za-z0-9.:_-]+$/.test(host)) faults.push(`${where('host')}: "${host}" is not an address`);
  const port = readPort(text('port') ?? SETTINGS.port.fallback);
  if (port === undefined)
    faults.push(`${where('port')}: "${text('port')}" is not a port, expected 1 to 65535`);
  const publicUrl = readPublicUrl(text('publicUrl'), host, port);
  if (publicUrl.fault) faults.push(`${where('publicUrl')}: ${publicUrl.fault}`);
  const consoleUrl = text('consoleUrl');
  const consoleFault = consoleUrl === undefined ? undefined : faultOfConsoleUrl(consoleUrl);
  if (consoleFault) faults.push(`${where('consoleUrl')}: ${consoleFault}`);
  const databaseUrl = text('databaseUrl');
  // The value may hold a password: it is not repeated.
  if (databaseUrl && !isPostgresUrl(databaseUrl))
    faults.push(`${where('databaseUrl')}: not a postgres:// URL`);
  const logLevel = text('logLevel') ?? SETTINGS.logLevel.fallback;
  if (!LOG_LEVELS.includes(logLevel))
    faults.push(`${where('logLevel')}: "${logLevel}" is none of ${LOG_LEVELS.join(', ')}`);
  const credentialsDirectory = environment['CREDENTIALS_DIRECTORY'];
  const crlSettings = readCrlSettings({ text, where }, faults);
  const keySettings = readKeySettings({ text, where, credentialsDirectory }, faults);
  const roleSettings = readRoleSettings({ text, where }, faults);
  const workerSettings = readOcspWorkerSettings(
    { text, where },
    faults,
    roleSettings.roles?.has('ocsp') ?? false,
  );
  if (keySettings.keyPassphrasePrompt && workerSettings.ocspWorkers > 1)
    faults.push(`${where('keyPassphrasePrompt')}: yes, and each of several OCSP workers would ask`);
  const registerSettings = readRegisterSettings({ text, where }, faults);
  const tlsSettings = readTlsSettings({ text, where }, faults);
  const revocationSettings = readRevocationSettings({ text, where }, faults);
  const enrolmentSettings = readEnrolmentSettings({ text, where }, faults);
  const messageSettings = readMessageSettings({ text, where }, faults);
  const pushSettings = readPushSettings({ text, where }, faults);
  const networkSettings = readNetworkSettings({ text, where }, faults);
  const sessionSettings = readSessionSettings({ text, where }, faults);
  const cardSettings = readCardSettings({ text, where }, faults);
  const logSettings = readLogSettings({ text, where }, faults);
  const tsaSettings = readTsaSettings({ text, where }, faults);
  const traceSettings = readTraceSettings({ text, where }, faults);
  const stopSettings = readStopSettings({ text, where }, faults);
  if (faults.length > 0 || port === undefined) return { faults };
  return {
    settings: {
      host,
      port,
      publicUrl: publicUrl.url,
      consoleUrl: consoleUrl?.replace(/\/+$/, '') ?? consoleUrlOf(publicUrl.url, tlsSettings.tls?.port),
      dataDirectory: resolve(text('dataDirectory') ?? SETTINGS.dataDirectory.fallback),
      ...(databaseUrl && { databaseUrl }),
      ...keySettings,
      ...crlSettings,
      ...roleSettings,
      ...workerSettings,
      ...registerSettings,
      ...tlsSettings,
      ...revocationSettings,
      ...enrolmentSettings,
      ...messageSettings,
      ...pushSettings,
      ...networkSettings,
      ...sessionSettings,
      ...cardSettings,
      ...logSettings,
      ...tsaSettings,
      ...traceSettings,
      ...stopSettings,
      logLevel,
    },
  };
}

function readFlags(args: string[], faults: string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(
    Object.values(SETTINGS).map((setting) => [
      setting.flag,
      { type: 'isSwitch' in setting ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { values, tokens } = parseArgs({
    args,
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') faults.push(`"${token.value}": not expected here`);
    if (token.kind !== 'option') continue;
    if (!(token.name in options)) faults.push(`--${token.name}: no such flag`);
    else if (options[token.name].type === 'boolean') values[token.name] = token.value ?? 'yes';
    // A flag at the end has `true`; an empty one is most often a shell variable that is not set.
    else if (values[token.name] === true || !values[token.name])
      faults.push(`--${token.name}: needs a value`);
  }
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function readPort(text: string): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : NaN;
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** The address as it goes into certificates: normalised, and one that others can follow. */
function readPublicUrl(
  text: string | undefined,
  host: string,
  port: number | undefined,
): { url: string; fault?: string } {
  if (text === undefined) {
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    if (!UNSPECIFIED_HOSTS.includes(host)) return { url };
    return { url, fault: `is needed when the host is ${host}, where nobody can be sent` };
  }
  if (!URL.canParse(text)) return { url: text, fault: `"${text}" is not a URL` };
  const url = new URL(text);
  const fault = faultOfPublicUrl(url);
  return { url: url.href.replace(/\/+$/, ''), ...(fault && { fault: `"${text}" ${fault}` }) };
}

/** http, because a client would need the CRL of our own TLS certificate to fetch our CRL (RFC 5280 §8). */
function faultOfPublicUrl(url: URL): string | undefined {
  if (url.protocol !== 'http:')
    return `is ${url.protocol.slice(0, -1)}, expected http (CRL and OCSP are signed already)`;
  return url.search || url.hash || url.username ? 'has more than scheme, host, port and path' : undefined;
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);
}
