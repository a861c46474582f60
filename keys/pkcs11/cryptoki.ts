import type { PKCS11 } from 'pkcs11js';

import { KeyError } from '../key-error.ts';

export type { Handle } from 'pkcs11js';

/** What of PKCS#11 is used. */
export type Cryptoki = Pick<
  PKCS11,
  | 'C_Initialize'
  | 'C_Finalize'
  | 'C_GetSlotList'
  | 'C_GetTokenInfo'
  | 'C_GetMechanismList'
  | 'C_OpenSession'
  | 'C_CloseSession'
  | 'C_Login'
  | 'C_FindObjectsInit'
  | 'C_FindObjects'
  | 'C_FindObjectsFinal'
  | 'C_GetAttributeValue'
  | 'C_SignInit'
  | 'C_SignAsync'
  | 'C_GenerateKeyPairAsync'
  | 'C_DestroyObject'
>;

/** What of it cards need beside; `loadCryptoki` loads all of it. */
export type CardCryptoki = Cryptoki &
  Pick<PKCS11, 'C_GetSlotInfo' | 'C_Logout' | 'C_SetPIN' | 'C_InitPIN' | 'C_CreateObject' | 'C_Sign'>;

type Binding = { PKCS11: new () => PKCS11 };

/**
 * Loads a PKCS#11 module through pkcs11js, an optional dependency with a native part. Throws KeyError
 * `pkcs11-not-installed` where it is absent or not built, `pkcs11-module` where the module is.
 */
export async function loadCryptoki(
  modulePath: string,
  importBinding: () => Promise<Binding> = async () => (await import('pkcs11js')).default,
): Promise<Cryptoki> {
  const binding = await importBinding().catch((cause: unknown) => {
    throw new KeyError(
      'pkcs11-not-installed',
      'PKCS#11 needs the optional package pkcs11js with its native part; a C++ compiler and `npm rebuild pkcs11js` make it',
      { cause },
    );
  });
  try {
    const cryptoki = new binding.PKCS11();
    cryptoki.load(modulePath);
    return cryptoki;
  } catch (cause) {
    throw new KeyError('pkcs11-module', `${modulePath} cannot be loaded as a PKCS#11 module`, { cause });
  }
}
