import { PkiError } from '../../pki/pki-error.ts';

/** What a parser of pki reads, or undefined where it refuses. */
export function readable<T>(parse: (der: Buffer) => T, der: Buffer): T | undefined {
  try {
    return parse(der);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
