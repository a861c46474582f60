import { createRequire } from 'node:module';

import { KeyError } from '../key-error.ts';

/** A slot, session or object, as pkcs11js hands it out. */
export type Handle = Buffer;

type Template = { type: number; value?: number | boolean | string | Buffer }[];
type Mechanism = { mechanism: number; parameter?: Buffer | number | { type: number } };

interface TokenInfo {
  label: string;
  manufacturerID: string;
  model: string;
  serialNumber: string;
  flags: number;
  maxSessionCount: number;
  maxPinLen: number;
  minPinLen: number;
}

/** What of PKCS#11 is used, as pkcs11js offers it. Its own declarations are not read: they are absent where it is. */
export interface Cryptoki {
  C_Initialize(options?: { flags?: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent?: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): TokenInfo;
  C_GetMechanismList(slot: Handle): number[];
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin?: string): void;
  C_FindObjectsInit(session: Handle, template: Template): void;
  C_FindObjects(session: Handle, objectCountMax: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Template): { type: number; value: Buffer }[];
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_SignAsync(session: Handle, data: Buffer, signature: Buffer): Promise<Buffer>;
  C_GenerateKeyPairAsync(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: Template,
    privateTemplate: Template,
  ): Promise<{ privateKey: Handle; publicKey: Handle }>;
  C_DestroyObject(session: Handle, object: Handle): void;
}

/** What of it cards need beside; `loadCryptoki` loads all of it. */
export interface CardCryptoki extends Cryptoki {
  C_GetSlotInfo(slot: Handle): { slotDescription: string };
  C_Logout(session: Handle): void;
  C_InitPIN(session: Handle, pin?: string): void;
  C_SetPIN(session: Handle, oldPin: string, newPin: string): void;
  C_CreateObject(session: Handle, template: Template): Handle;
  C_Sign(session: Handle, data: Buffer, signature: Buffer): Buffer;
}

type Binding = { PKCS11: new () => CardCryptoki & { load(modulePath: string): void } };

/** Not by an import: where the optional package is absent, the compiler would find nothing to look into. */
const require = createRequire(import.meta.url);

/**
 * Loads a PKCS#11 module through pkcs11js, an optional dependency with a native part. Throws KeyError
 * `pkcs11-not-installed` where it is absent or not built, `pkcs11-module` where the module is.
 */
export async function loadCryptoki(
  modulePath: string,
  importBinding: () => Promise<Binding> = async () => require('pkcs11js') as Binding,
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
