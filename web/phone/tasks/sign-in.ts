import { deviceSignInOctets } from '../../../signing/device/signed-octets.ts';
import { challengeDevice, signInDevice } from '../../client/device-requests.ts';
import { changePhoneRecords } from '../keys/phone-database.ts';
import { toBase64 } from '../keys/octets.ts';
import type { HolderKey } from '../keys/phone-key.ts';
import type { DeviceLogin, PhoneCredential } from '../keys/phone-records.ts';

/** Proves to have the key, and keeps the token with which the phone watches for requests for thirty days. */
export async function signInPhone(
  { sha256 }: Pick<PhoneCredential, 'sha256'>,
  key: HolderKey,
): Promise<DeviceLogin> {
  const { nonce } = await challengeDevice();
  const proof = { certificateSha256: sha256, nonce };
  const signature = toBase64(await key.sign(deviceSignInOctets(proof)));
  const login = await signInDevice({ ...proof, signature });
  await changePhoneRecords({ login });
  return login;
}
