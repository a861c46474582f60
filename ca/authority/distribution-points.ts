import { shardOf } from '../crl/shard.ts';

/** Addresses that an authority's certificates carry; `base` has no slash at the end. */
export function ocspUri(base: string, authorityId: string): string {
  return `${base}/ocsp/${authorityId}`;
}

export function caIssuersUri(base: string, authorityId: string): string {
  return `${base}/ca/${authorityId}.cer`;
}

export function completeCrlUri(base: string, authorityId: string): string {
  return `${base}/crl/${authorityId}.crl`;
}

/** Address of the CRL shard that will list this serial number; the shard's IDP carries the same text. */
export function shardCrlUri(
  base: string,
  authorityId: string,
  serialNumber: Uint8Array,
  shards: number,
): string {
  return `${base}/crl/${authorityId}/${shardOf(serialNumber, shards)}.crl`;
}
