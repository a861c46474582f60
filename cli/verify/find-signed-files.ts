import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { VerifyError } from './verify-error.ts';

/** A file that has signatures, and the one beside it that a detached signature is over. */
export interface SignedFile {
  path: string;
  contentPath?: string;
}

/** Signatures that may stand beside their document: `a.json.p7s` is over `a.json`. */
const DETACHABLE = new Set(['.p7s', '.p7m', '.cms', '.sig', '.jws', '.jose', '.xsig', '.xml', '.json']);
const SIGNED = new Set([...DETACHABLE, '.pdf', '.asice', '.asics', '.sce', '.scs']);

/**
 * The signed files among files and in folders, told by the ends of their names, each folder in the order of names. A document that a
 * signature stands beside is no signed file itself; a file that is named counts whatever it is called. Throws VerifyError
 * `file-unreadable`.
 */
export async function* findSignedFiles(paths: readonly string[]): AsyncGenerator<SignedFile> {
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw new VerifyError('file-unreadable', `${path} cannot be read`, { cause });
    });
    if (found.isDirectory()) yield* signedFilesIn(path);
    else yield await withContent(path);
  }
}

async function* signedFilesIn(folder: string): AsyncGenerator<SignedFile> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  const documents = new Set([...names].flatMap((name) => documentOf(name, names) ?? []));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* signedFilesIn(path);
    if (!entry.isFile() || documents.has(entry.name) || !SIGNED.has(extname(entry.name).toLowerCase()))
      continue;
    const document = documentOf(entry.name, names);
    yield { path, ...(document !== undefined && { contentPath: join(folder, document) }) };
  }
}

/** The document that a file's name says it is beside. */
function documentOf(name: string, names: ReadonlySet<string>): string | undefined {
  const end = extname(name);
  const document = name.slice(0, -end.length);
  return DETACHABLE.has(end.toLowerCase()) && names.has(document) ? document : undefined;
}

async function withContent(path: string): Promise<SignedFile> {
  const end = extname(path);
  const contentPath = path.slice(0, path.length - end.length);
  if (!DETACHABLE.has(end.toLowerCase())) return { path };
  const isThere = await stat(contentPath).then(
    (found) => found.isFile(),
    () => false,
  );
  return { path, ...(isThere && { contentPath }) };
}
