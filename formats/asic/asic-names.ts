/** Media types of containers (ETSI EN 319 162-1 §4.3.3.1, §4.4.3.1). */
export const ASIC_MEDIA_TYPES = {
  'ASiC-E': 'application/vnd.etsi.asic-e+zip',
  'ASiC-S': 'application/vnd.etsi.asic-s+zip',
} as const;

export type AsicKind = keyof typeof ASIC_MEDIA_TYPES;

/** What the files of a container are by their names (§4.3.3.2, §4.4.3.2, annex A). */
export type AsicRole =
  | 'media-type'
  | 'xades'
  | 'cades'
  | 'time-stamp'
  | 'manifest'
  | 'archive-manifest'
  | 'list-of-files'
  | 'content';

/** Asked from the first on; names of META-INF are told apart without regard to case, as §4.4.3.2 does. */
const ROLES: readonly { role: AsicRole; name: RegExp }[] = [
  { role: 'media-type', name: /^mimetype$/ },
  { role: 'list-of-files', name: /^META-INF\/manifest\.xml$/i },
  { role: 'archive-manifest', name: /^META-INF\/ASiCArchiveManifest[^/]*\.xml$/i },
  { role: 'manifest', name: /^META-INF\/ASiCManifest[^/]*\.xml$/i },
  { role: 'xades', name: /^META-INF\/[^/]*signatures[^/]*\.xml$/i },
  { role: 'cades', name: /^META-INF\/[^/]*signature[^/]*\.p7s$/i },
  { role: 'time-stamp', name: /^META-INF\/[^/]*timestamp[^/]*\.tst$/i },
];

export function asicRoleOf(name: string): AsicRole {
  return ROLES.find((row) => row.name.test(name))?.role ?? 'content';
}

/** The name of a file by a URI that is relative to the root of the container (RFC 3986); undefined for any other. */
export function fileNameOf(uri: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:|^\/\/|[?#]/.test(uri)) return undefined;
  try {
    return decodeURIComponent(uri).replace(/^\.?\//, '');
  } catch {
    return undefined;
  }
}

/** The URI of a file of the container. */
export function fileUri(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
