import type { ResponderCredential } from '../ocsp/responder-key.ts';
import type { StatusFollower } from '../ocsp/status-follower.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { KeyType } from '../pki/key-type.ts';
import { importPublicKey } from '../pki/public-key.ts';
import { keyTypeOf } from '../keys/key-type.ts';
import type { KeyStore } from './key-store.ts';

/** Where responder certificates and their keys come from. */
export interface CredentialSources {
  /** Responder certificates that have not expired, newest first, and where their keys are. */
  listResponders: () => Promise<
    readonly { authorityId: string; certificate: Buffer; keyReference: string }[]
  >;
  keys: Pick<KeyStore, 'openSigner'>;
}

export interface CredentialOptions {
  /** Preferred key types, the first for clients that prefer none; those of other types come after them. */
  keyTypes: readonly KeyType[];
  /** Called with a key that cannot be opened; the others are used without it. Absent: that is an error. */
  onUnopened?: (error: unknown) => void;
}

/**
 * Responder keys of each authority: by key type in the order of preference, of one type the newest certificate first. Those whose
 * certificate is revoked are left out, whatever their nocheck says to clients: somebody blocked the key.
 */
export async function openCredentials(
  { listResponders, keys }: CredentialSources,
  follower: Pick<StatusFollower, 'indexOf'>,
  authorityIds: readonly string[],
  { keyTypes, onUnopened }: CredentialOptions,
): Promise<Map<string, ResponderCredential[]>> {
  const credentials = new Map<string, ResponderCredential[]>(authorityIds.map((id) => [id, []]));
  for (const { authorityId, certificate: bytes, keyReference } of await listResponders()) {
    const ofAuthority = credentials.get(authorityId);
    const certificate = parseCertificate(bytes);
    if (!ofAuthority || isRevoked(follower, authorityId, certificate.serialNumber)) continue;
    try {
      ofAuthority.push({ signer: await keys.openSigner(keyReference), certificate });
    } catch (error) {
      if (!onUnopened) throw error;
      onUnopened(error);
    }
  }
  for (const ofAuthority of credentials.values()) ofAuthority.sort((a, b) => rank(a) - rank(b));
  return credentials;

  function rank({ certificate }: ResponderCredential): number {
    const keyType = keyTypeOf(importPublicKey(certificate.subjectPublicKeyInfo));
    const at = keyType ? keyTypes.indexOf(keyType) : -1;
    return at < 0 ? keyTypes.length : at;
  }
}

/** The same without those whose certificate is revoked by now. */
export function withoutRevoked(
  credentials: ReadonlyMap<string, readonly ResponderCredential[]>,
  follower: Pick<StatusFollower, 'indexOf'>,
): Map<string, ResponderCredential[]> {
  return new Map(
    [...credentials].map(([id, ofAuthority]) => [
      id,
      ofAuthority.filter(({ certificate }) => !isRevoked(follower, id, certificate.serialNumber)),
    ]),
  );
}

function isRevoked(
  follower: Pick<StatusFollower, 'indexOf'>,
  authorityId: string,
  serialNumber: Buffer,
): boolean {
  const index = follower.indexOf(authorityId);
  const place = index.find(serialNumber);
  return place >= 0 && index.statusAt(place).kind === 'revoked';
}
