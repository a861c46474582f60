import type { Passphrase } from '../../keys/passphrase.ts';
import { secretReader } from '../ceremony/secret-reader.ts';

/**
 * A secret from a file of this user alone, or else typed at the terminal; never from an argument, which every process of the
 * machine can read. With `confirm` it is typed twice.
 */
export function askSecret(
  what: string,
  file: string | undefined,
  { confirm = false }: { confirm?: boolean } = {},
): Promise<Passphrase> {
  const terminal = { input: process.stdin, output: process.stderr };
  const source = file === undefined ? ({ prompt: true } as const) : { file };
  return secretReader(what, source, { folder: process.cwd(), terminal })({ confirm });
}
