import type { NoteKey } from '../../audit/note/note-key.ts';
import type { Clock } from '../../core/clock.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import { verifyPack } from '../../validation/dossier/verify-pack.ts';
import type { PackVerdict } from '../../validation/dossier/verify-pack.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { readInputFile } from '../read-input-file.ts';
import { readCertificates } from './verify-house.ts';

/** Checks an evidence pack by itself: neither the deployment nor anybody else is asked. Throws what its reading throws. */
export async function verifyPackFile(
  path: string,
  {
    trustFile,
    clock,
    logKeys,
  }: { trustFile: string; clock: Clock; logKeys?: readonly NoteKey[] | undefined },
): Promise<PackVerdict> {
  const { entries } = readZip(await readInputFile(path));
  return verifyPack({
    files: new Map(entries.map(({ name, bytes }) => [name, bytes])),
    trust: new TrustStore({ anchors: await readCertificates(trustFile), intermediates: [] }),
    clock,
    ...(logKeys && { logKeys }),
  });
}
