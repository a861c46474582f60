import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../../core/errors.ts';
import { REGISTERS } from '../../ra/registers/register.ts';
import type { RegisterName } from '../../ra/registers/register.ts';

/** A private JWK (RFC 7517) on P-256. */
export type RegisterKey = { kty: string; crv: string; x: string; y: string; d: string } & RegisterKeyName;
interface RegisterKeyName {
  kid: string;
  alg: 'ES256';
  register: RegisterName;
}

export type RegisterKeys = Readonly<Record<RegisterName, RegisterKey>>;

/** New keys of the development registers, one each. */
export function makeRegisterKeys(): RegisterKeys {
  return Object.fromEntries(
    REGISTERS.map((register) => [register, makeKey(register)]),
  ) as unknown as RegisterKeys;
}

/** The keys in a folder, made when there are none: who has configured the public ones need not do it again. */
export async function keepRegisterKeys(folder: string): Promise<RegisterKeys> {
  const path = join(folder, 'register-keys.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RegisterKeys;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const keys = makeRegisterKeys();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
  return keys;
}

/** The JWK set that whoever asks these registers is given. */
export function publicKeysOf(keys: RegisterKeys) {
  return { keys: REGISTERS.map((register) => withoutPrivatePart(keys[register])) };
}

function withoutPrivatePart({ d: _d, ...publicPart }: RegisterKey) {
  return publicPart;
}

function makeKey(register: RegisterName): RegisterKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' }) as Omit<RegisterKey, keyof RegisterKeyName>;
  return { ...jwk, kid: `development-${register}`, alg: 'ES256', register };
}
