import type { CredentialInput } from '../../client/relying-parties.ts';

export type ReadCredential = { input: CredentialInput } | { fault: 'secret' | 'unreadable' };

/** Members of a JWK that only who signs has (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const SECRET_MEMBERS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi'];

/** What was pasted: a certificate in PEM, a public JWK, or a set of one. */
export function readCredential(text: string): ReadCredential {
  const pasted = text.trim();
  if (pasted.includes('PRIVATE KEY-----')) return { fault: 'secret' };
  if (pasted.startsWith('-----BEGIN CERTIFICATE-----')) return { input: { certificate: pasted } };
  const jwk = onlyKeyOf(parsed(pasted));
  if (!jwk) return { fault: 'unreadable' };
  return SECRET_MEMBERS.some((name) => name in jwk) ? { fault: 'secret' } : { input: { jwk } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function onlyKeyOf(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const key = value as Record<string, unknown>;
  if (!Array.isArray(key['keys'])) return 'kty' in key ? key : undefined;
  return key['keys'].length === 1 ? onlyKeyOf(key['keys'][0]) : undefined;
}
