import { existsSync } from 'node:fs';

import { CardError } from './card-error.ts';

/** Where OpenSC's module lies, by platform: its installers' places, then those of distributions. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
    '/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so',
    '/usr/lib64/opensc-pkcs11.so',
    '/usr/lib64/pkcs11/opensc-pkcs11.so',
    '/usr/lib/opensc-pkcs11.so',
    '/usr/local/lib/opensc-pkcs11.so',
  ],
  darwin: [
    '/Library/OpenSC/lib/opensc-pkcs11.so',
    '/opt/homebrew/lib/opensc-pkcs11.so',
    '/usr/local/lib/opensc-pkcs11.so',
  ],
  win32: [
    'C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll',
    'C:\\Windows\\System32\\opensc-pkcs11.dll',
  ],
};

/** Path of OpenSC's PKCS#11 module on this machine; throws CardError `card-module-missing`. */
export function openscModule(
  platform: string = process.platform,
  exists: (path: string) => boolean = existsSync,
): string {
  const places = PLACES[platform] ?? [];
  const found = places.find(exists);
  if (found !== undefined) return found;
  const tried = places.length > 0 ? places.join(', ') : `no place is known on ${platform}`;
  throw new CardError(
    'card-module-missing',
    `OpenSC is not installed (${tried}); install it, or give --module`,
  );
}
