import { FormatError } from '../format-error.ts';

const NAME_OCTETS_MAX = 512;

/**
 * The name of an entry: a relative path in UTF-8. Throws FormatError `container-malformed` for one that leads out of the folder
 * that it is unpacked to, or that programs read differently.
 */
export function readZipName(bytes: Buffer): string {
  if (bytes.length === 0 || bytes.length > NAME_OCTETS_MAX) throw malformed('a name of this length');
  let name: string;
  try {
    // The encoding that APPNOTE has for names without the flag, IBM 437, is that of nobody who signs: ASCII is alike in both.
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError('container-malformed', 'a name that is no UTF-8', { cause });
  }
  if (/[\p{Cc}\p{Cs}\\:*?"<>|]/u.test(name)) throw malformed('a character that has no place in a name');
  const segments = name.replace(/\/$/, '').split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    throw malformed('a path that leads elsewhere');
  return name;
}

/** Names that one file system or another takes for the same. */
export function zipNameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function malformed(what: string): FormatError {
  return new FormatError('container-malformed', `an entry with ${what}`);
}
