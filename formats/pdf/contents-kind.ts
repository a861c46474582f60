/** What the value of Contents is, by SubFilter (ISO 32000-2 Table 260, ETSI EN 319 142-1 §6.3). */
export type ContentsKind =
  /** A SignedData over the octets of ByteRange. */
  | 'cms-detached'
  /** A SignedData that envelops their SHA-1; deprecated, but there are archives full of it. */
  | 'cms-sha1'
  /** A time-stamp token over them. */
  | 'time-stamp';

const KINDS = new Map<string | undefined, ContentsKind>([
  ['ETSI.CAdES.detached', 'cms-detached'],
  ['adbe.pkcs7.detached', 'cms-detached'],
  ['adbe.pkcs7.sha1', 'cms-sha1'],
  ['ETSI.RFC3161', 'time-stamp'],
]);

/** Undefined: it is none that we know, adbe.x509.rsa_sha1 among them, which has no CMS. */
export function contentsKindOf(subFilter: string | undefined): ContentsKind | undefined {
  return KINDS.get(subFilter);
}

export const PADES_SUB_FILTER = 'ETSI.CAdES.detached';
