import { join } from 'node:path';

import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import type { MessageVerifier } from '../../ra/licence/licence-house.ts';
import type { LicenceFeed } from '../../ra/licence/poll-licence-feed.ts';
import { REGISTERS } from '../../ra/registers/register.ts';
import type { Registers } from '../../ra/registers/register.ts';
import { JWS_TYPES, JwsVerifier } from '../../registers/detached-jws.ts';
import { openHttpLicenceFeed } from '../../registers/http-licence-feed.ts';
import { HttpRegister } from '../../registers/http-register.ts';
import { readInputFile } from '../read-input-file.ts';
import { DevelopmentRegisters } from './development-registers.ts';
import { LicenceLog } from './licence-log.ts';
import { Population } from './population.ts';
import { keepRegisterKeys, publicKeysOf } from './register-keys.ts';
import type { RegisterSettings } from './register-settings.ts';

/** What the house asks, and whom it listens to. */
export interface RegisterAccess {
  registers: Registers;
  licenceMessages: MessageVerifier;
  licenceFeed?: LicenceFeed;
}

export type OpenedRegisters = RegisterAccess & {
  /** For people: who answers. */
  description: string;
  close(): Promise<void>;
};

/**
 * The configured registers; without any, development registers on the loopback address, which know synthetic people only and
 * are asked over HTTP as the real ones. Throws DomainErrors of files and keys.
 */
export async function openRegisters(
  settings: RegisterSettings & { dataDirectory: string },
  clock: Clock,
): Promise<OpenedRegisters> {
  if (settings.councilRegisterUrl === undefined)
    return openDevelopmentRegisters(settings.dataDirectory, clock);
  const jwks = await jsonIn(settings.registerKeysFile!);
  const tokens = settings.registerTokensFile === undefined ? {} : await jsonIn(settings.registerTokensFile);
  const { councilRegisterUrl, civilRegistryUrl, shahkarUrl, licenceFeedUrl } = settings;
  const urls = {
    'medical-council': councilRegisterUrl,
    'civil-registry': civilRegistryUrl!,
    shahkar: shahkarUrl!,
    'licence-feed': licenceFeedUrl,
  };
  const access = await accessTo(urls, jwks, tokensOf(tokens));
  return { ...access, description: 'as configured', close: async () => undefined };
}

/** Addresses of the three registers, and of the feed where there is one. */
export type RegisterUrls = Record<keyof Registers, string> & { 'licence-feed'?: string | undefined };

/** Clients of registers that sign with the keys of a JWK set. */
export async function accessTo(
  urls: RegisterUrls,
  jwks: unknown,
  tokens: Readonly<Record<string, string>> = {},
): Promise<RegisterAccess> {
  const at = (name: keyof RegisterUrls) => ({
    url: urls[name]!,
    ...(tokens[name] && { token: tokens[name] }),
  });
  return {
    registers: {
      'medical-council': await HttpRegister.open('medical-council', { ...at('medical-council'), jwks }),
      'civil-registry': await HttpRegister.open('civil-registry', { ...at('civil-registry'), jwks }),
      shahkar: await HttpRegister.open('shahkar', { ...at('shahkar'), jwks }),
    },
    licenceMessages: await JwsVerifier.of(jwks, 'medical-council', JWS_TYPES.licenceMessage),
    ...(urls['licence-feed'] !== undefined && { licenceFeed: openHttpLicenceFeed(at('licence-feed')) }),
  };
}

async function openDevelopmentRegisters(dataDirectory: string, clock: Clock): Promise<OpenedRegisters> {
  const folder = join(dataDirectory, 'development-registers');
  const keys = await keepRegisterKeys(folder);
  const licences = await LicenceLog.open(keys['medical-council'], join(folder, 'licence-events.ndjson'));
  const server = await DevelopmentRegisters.listen({ population: new Population(), keys, licences, clock });
  return {
    ...(await accessTo(urlsOf(server.url), publicKeysOf(keys))),
    description: `development, synthetic people only, at ${server.url}`,
    close: () => server.close(),
  };
}

/** Where the development registers of one server are. */
export function urlsOf(url: string): RegisterUrls {
  return {
    'medical-council': `${url}/medical-council`,
    'civil-registry': `${url}/civil-registry`,
    shahkar: `${url}/shahkar`,
    'licence-feed': `${url}/licence-events`,
  };
}

/** What nobody has configured says nothing that counts. */
export const NO_REGISTERS: RegisterAccess = {
  registers: Object.fromEntries(
    REGISTERS.map((name) => [
      name,
      { lookUp: async () => ({ kind: 'unavailable', fault: 'not-configured' }) },
    ]),
  ) as unknown as Registers,
  licenceMessages: { verify: async () => undefined },
};

async function jsonIn(path: string): Promise<unknown> {
  const text = (await readInputFile(path)).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What the parser says may repeat a token.
    throw new DomainError('input-unreadable', `${path} is no JSON`);
  }
}

function tokensOf(value: unknown): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const names: readonly string[] = [...REGISTERS, 'licence-feed'];
  if (entries.every(([name, token]) => names.includes(name) && /^[\x21-\x7e]{1,4096}$/.test(String(token))))
    return Object.fromEntries(entries);
  throw new DomainError(
    'register-tokens-malformed',
    `expected an object with a token for some of ${names.join(', ')}`,
  );
}
