import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../../core/errors.ts';
import { digest } from '../../pki/digest-algorithm.ts';

/** Tag, length in three octets, and what it says: a certificate is a SEQUENCE of 256 to 65,535 octets, or shorter. */
const LONG_FORM = 0x80;

/** Certificates below a folder, by SHA-256 in hexadecimal: files of DER, one or more in each, as the log's folder keeps them. */
export async function readCertificateArchive(folders: readonly string[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const folder of folders)
    for (const path of await filesBelow(folder))
      for (const der of sequencesOf(await readFile(path)))
        found.set(digest('sha256', der).toString('hex'), der);
  return found;
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** What is no row of DER values ends the reading: who asks for a certificate has its hash, and is told that it is missing. */
function* sequencesOf(octets: Buffer): Generator<Buffer> {
  for (let at = 0; at + 2 <= octets.length && octets[at] === 0x30;) {
    const first = octets[at + 1];
    const count = first < LONG_FORM ? 0 : first - LONG_FORM;
    if (count > 3 || at + 2 + count > octets.length) return;
    const length = count === 0 ? first : octets.readUIntBE(at + 2, count);
    const end = at + 2 + count + length;
    if (end > octets.length) return;
    yield octets.subarray(at, end);
    at = end;
  }
}
