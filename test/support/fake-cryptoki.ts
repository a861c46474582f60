import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { CKA, CKF, CKK, CKM, CKO } from '../../keys/pkcs11/constants.ts';
import type { Cryptoki, Handle } from '../../keys/pkcs11/cryptoki.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { ALG } from '../../pki/oid.ts';

type Call = keyof Cryptoki;
type Attributes = Record<number, Buffer | undefined>;

/** A token in memory with one P-256 key: it counts its calls, and fails them when told to. */
export class FakeCryptoki implements Cryptoki {
  readonly calls: Call[] = [];
  flags: number = CKF.loginRequired;
  mechanisms: number[] = [CKM.ecdsaSha256];
  sessionsMax = 100;
  pins: (string | undefined)[] = [];
  pin: string | undefined = '1234';
  /** What the public key object says beside its defaults; undefined: there is no such object. */
  publicKeyObject: Attributes | undefined = {};
  certificate: Buffer | undefined;
  privateKey: KeyObject = newKey();
  #initialized = false;
  #handles = 0;
  readonly #sessions = new Set<number>();
  readonly #failures: { call: Call; returnValue: string }[] = [];
  #found: Handle[] = [];
  #mechanism: number = CKM.ecdsaSha256;

  /** The next calls of that name fail with these return values, in order. */
  failNext(call: Call, ...returnValues: string[]): void {
    for (const returnValue of returnValues) this.#failures.push({ call, returnValue });
  }

  /** The sessions go, as when the token is pulled out. */
  loseSessions(): void {
    this.#sessions.clear();
  }

  count(call: Call): number {
    return this.calls.filter((one) => one === call).length;
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  C_Initialize(): void {
    this.#enter('C_Initialize');
    this.#initialized = true;
  }

  C_Finalize(): void {
    this.#enter('C_Finalize');
    this.#initialized = false;
    this.#sessions.clear();
  }

  C_GetSlotList(): Handle[] {
    this.#enter('C_GetSlotList');
    if (!this.#initialized) throw new Error('CKR_CRYPTOKI_NOT_INITIALIZED:400');
    return [handle(1)];
  }

  C_GetTokenInfo(): ReturnType<Cryptoki['C_GetTokenInfo']> {
    this.#enter('C_GetTokenInfo');
    const info = {
      label: 'T'.padEnd(32),
      manufacturerID: '',
      model: '',
      serialNumber: '',
      flags: this.flags,
    };
    return info as ReturnType<Cryptoki['C_GetTokenInfo']>;
  }

  C_GetMechanismList(): number[] {
    this.#enter('C_GetMechanismList');
    return this.mechanisms;
  }

  C_OpenSession(): Handle {
    this.#enter('C_OpenSession');
    if (this.#sessions.size >= this.sessionsMax) throw new Error('CKR_SESSION_COUNT:177');
    this.#handles += 1;
    this.#sessions.add(this.#handles);
    return handle(this.#handles);
  }

  C_CloseSession(session: Handle): void {
    this.#enter('C_CloseSession', session);
    this.#sessions.delete(session.readUInt32LE());
  }

  C_Login(session: Handle, _user: number, pin?: string): void {
    this.pins.push(pin);
    this.#enter('C_Login', session);
    if (pin !== this.pin) throw new Error('CKR_PIN_INCORRECT:160');
  }

  C_FindObjectsInit(session: Handle, template: { type: number; value?: unknown }[]): void {
    this.#enter('C_FindObjectsInit', session);
    const wanted = template.find(({ type }) => type === CKA.class)?.value;
    const isThere =
      wanted === CKO.privateKey ||
      (wanted === CKO.publicKey && this.publicKeyObject !== undefined) ||
      (wanted === CKO.certificate && this.certificate !== undefined);
    this.#found = isThere ? [handle(Number(wanted))] : [];
  }

  C_FindObjects(session: Handle): Handle & Handle[] {
    this.#enter('C_FindObjects', session);
    return this.#found as Handle & Handle[];
  }

  C_FindObjectsFinal(session: Handle): void {
    this.#enter('C_FindObjectsFinal', session);
  }

  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    [{ type }]: { type: number }[],
  ): { type: number; value: Buffer }[] {
    this.#enter('C_GetAttributeValue', session);
    const value = this.#attributes(object.readUInt32LE())[type];
    if (!value) throw new Error('CKR_ATTRIBUTE_TYPE_INVALID:18');
    return [{ type, value }];
  }

  C_SignInit(session: Handle, { mechanism }: { mechanism: number }): void {
    this.#enter('C_SignInit', session);
    this.#mechanism = mechanism;
  }

  async C_SignAsync(session: Handle, data: Buffer): Promise<Buffer> {
    const mechanism = this.#mechanism;
    await Promise.resolve();
    this.#enter('C_SignAsync', session);
    // node:crypto cannot sign a digest as it is, so this token takes messages only.
    if (mechanism !== CKM.ecdsaSha256) throw new Error('CKR_MECHANISM_INVALID:112');
    return sign('sha256', data, { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
  }

  C_GenerateKeyPairAsync(): Promise<{ privateKey: Handle; publicKey: Handle }> {
    this.#enter('C_GenerateKeyPairAsync');
    return Promise.resolve({ privateKey: handle(CKO.privateKey), publicKey: handle(CKO.publicKey) });
  }

  C_DestroyObject(session: Handle): void {
    this.#enter('C_DestroyObject', session);
  }

  #attributes(object: number): Attributes {
    const shared = { [CKA.id]: Buffer.from('id'), [CKA.keyType]: handle(CKK.ec) };
    if (object === CKO.certificate) return { [CKA.value]: this.certificate };
    if (object !== CKO.publicKey) return shared;
    const { x = '', y = '' } = this.privateKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    const key = { [CKA.ecParams]: asn1.oid(ALG.prime256v1), [CKA.ecPoint]: asn1.octetString(point) };
    return { ...shared, ...key, ...this.publicKeyObject };
  }

  #enter(call: Call, session?: Handle): void {
    this.calls.push(call);
    const at = this.#failures.findIndex((failure) => failure.call === call);
    if (at >= 0) throw new Error(`${this.#failures.splice(at, 1)[0].returnValue}:0`);
    if (session && !this.#sessions.has(session.readUInt32LE()))
      throw new Error('CKR_SESSION_HANDLE_INVALID:179');
  }
}

export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function handle(number: number): Handle {
  const octets = Buffer.alloc(8);
  octets.writeUInt32LE(number);
  return octets;
}
