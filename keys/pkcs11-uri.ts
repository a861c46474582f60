import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

import { KeyError } from './key-error.ts';

/** A key, or a token, behind a PKCS#11 module. What is not given matches anything. */
export interface Pkcs11Uri {
  /** The path component alone: fit for logs, it names neither the module nor where the PIN is. */
  label: string;
  token?: string;
  manufacturer?: string;
  model?: string;
  serial?: string;
  slotId?: number;
  /** CKA_LABEL. */
  object?: string;
  /** CKA_ID. */
  id?: Buffer;
  /** Absolute path of the module; it is loaded as code, so a URI comes from the operator and from nobody else. */
  modulePath: string;
  /** Absolute path of the file that holds the PIN. */
  pinSource?: string;
}

/** Longer than any URI with all its attributes. */
const URI_CHARACTERS_MAX = 4096;
const ATTRIBUTE = /^([a-z0-9-]+)=((?:[A-Za-z0-9\-._~:[\]@!$'()*+,=&/?|]|%[0-9A-Fa-f]{2})*)$/;
const PATH_ATTRIBUTES = ['token', 'manufacturer', 'model', 'serial', 'slot-id', 'object', 'id', 'type'];
const QUERY_ATTRIBUTES = ['module-path', 'pin-source', 'pin-value'];

/**
 * Reads a `pkcs11:` URI with module-path and optionally pin-source; throws KeyError `pkcs11-uri-malformed` for anything
 * else, for attributes that are not listed here (an unheeded one would match too much), and for pin-value.
 * @see https://www.rfc-editor.org/rfc/rfc7512#section-2.3
 */
export function parsePkcs11Uri(text: string): Pkcs11Uri {
  if (text.length > URI_CHARACTERS_MAX) throw malformed(`more than ${URI_CHARACTERS_MAX} characters`);
  if (!text.startsWith('pkcs11:')) throw malformed('it begins with "pkcs11:"');
  const [path, query = '', ...more] = text.slice('pkcs11:'.length).split('?');
  if (more.length > 0) throw malformed('a second "?"');
  const attributes = readAttributes(path, ';', PATH_ATTRIBUTES);
  const location = readAttributes(query, '&', QUERY_ATTRIBUTES);
  if (location.has('pin-value')) {
    throw malformed('pin-value would put the PIN into configuration, process lists and logs; use pin-source');
  }
  if (attributes.has('type') && textOf(attributes, 'type') !== 'private') {
    throw malformed('type is not "private": a signer is a private key');
  }
  return {
    label: `pkcs11:${path}`,
    token: textOf(attributes, 'token'),
    manufacturer: textOf(attributes, 'manufacturer'),
    model: textOf(attributes, 'model'),
    serial: textOf(attributes, 'serial'),
    slotId: slotIdOf(attributes),
    object: textOf(attributes, 'object'),
    id: attributes.get('id'),
    modulePath: modulePathOf(location),
    pinSource: pinSourceOf(location),
  };
}

function readAttributes(component: string, separator: string, known: readonly string[]): Map<string, Buffer> {
  const attributes = new Map<string, Buffer>();
  for (const part of component === '' ? [] : component.split(separator)) {
    const match = ATTRIBUTE.exec(part);
    // The part itself stays out of the message: it may be a PIN.
    if (!match) throw malformed(`an attribute is not of the form name=value with ${separator} between`);
    const [, name, value] = match;
    if (!known.includes(name)) throw malformed(`attribute ${name}; known here are ${known.join(', ')}`);
    if (attributes.has(name)) throw malformed(`attribute ${name} stands there twice`);
    attributes.set(name, percentDecoded(value));
  }
  return attributes;
}

function percentDecoded(value: string): Buffer {
  const octets = value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(octets, 'latin1');
}

function textOf(attributes: Map<string, Buffer>, name: string): string | undefined {
  return attributes.get(name)?.toString('utf8');
}

function slotIdOf(attributes: Map<string, Buffer>): number | undefined {
  const digits = textOf(attributes, 'slot-id');
  if (digits === undefined) return undefined;
  if (!/^\d{1,15}$/.test(digits)) throw malformed('slot-id is not a decimal number');
  return Number(digits);
}

function modulePathOf(location: Map<string, Buffer>): string {
  const path = textOf(location, 'module-path');
  if (path === undefined || !isAbsolute(path))
    throw malformed('module-path is missing or not an absolute path');
  return path;
}

/** A file: URI or an absolute path; RFC 7512 §2.4 also knows commands (`|…`), which are not run. */
function pinSourceOf(location: Map<string, Buffer>): string | undefined {
  const source = textOf(location, 'pin-source');
  if (source === undefined || isAbsolute(source)) return source;
  try {
    return fileURLToPath(source);
  } catch (cause) {
    throw new KeyError('pkcs11-uri-malformed', 'pin-source is neither a file: URI nor an absolute path', {
      cause,
    });
  }
}

function malformed(detail: string): KeyError {
  return new KeyError('pkcs11-uri-malformed', `PKCS#11 URI: ${detail}`);
}
