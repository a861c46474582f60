import type { HandedIn } from '../client/validations.ts';

/** What the service takes in base64 is 6,000,000 characters (api/validations/document-body.ts). */
export const FILE_OCTETS_MAX = 4_500_000;
const FILES_MAX = 20;

export type FileFault =
  'files-empty' | 'files-too-large' | 'files-too-many' | 'files-ambiguous' | 'files-unreadable';

/** The files cannot be handed in as they are. */
export class FileError extends Error {
  readonly code: FileFault;

  constructor(code: FileFault, cause?: unknown) {
    super(code, { cause });
    this.name = 'FileError';
    this.code = code;
  }
}

/** Names of what is a signature beside its document. */
const SIGNATURE_NAME = /\.(p7s|p7m|p7|sig|cms|jws|jose|xsig|xades|tsp)$/i;

/**
 * Reads files that were dropped together: one signed document, or a signature with the documents that it is over. Throws
 * FileError.
 */
export async function readFiles(files: readonly File[]): Promise<HandedIn> {
  if (files.some(({ size }) => size > FILE_OCTETS_MAX)) throw new FileError('files-too-large');
  if (files.length === 0 || files.some(({ size }) => size === 0)) throw new FileError('files-empty');
  if (files.length > FILES_MAX) throw new FileError('files-too-many');
  const signature = signatureAmong(files);
  return read(
    signature,
    files.filter((file) => file !== signature),
  );
}

/** The same signature, now with the document that it is over. */
export async function addDocuments(handed: HandedIn, files: readonly File[]): Promise<HandedIn> {
  if (files.some(({ size }) => size > FILE_OCTETS_MAX)) throw new FileError('files-too-large');
  const contents = await readAll(files);
  return {
    id: crypto.randomUUID(),
    names: [handed.names[0], ...files.map(({ name }) => name)],
    sha256: [handed.sha256[0], ...contents.map(({ sha256 }) => sha256)],
    body: { signature: handed.body.signature, ...asContents(contents) },
  };
}

function signatureAmong(files: readonly File[]): File {
  if (files.length === 1) return files[0];
  const named = files.filter(({ name }) => SIGNATURE_NAME.test(name));
  if (named.length !== 1) throw new FileError('files-ambiguous');
  return named[0];
}

async function read(signature: File, documents: readonly File[]): Promise<HandedIn> {
  const [first, ...contents] = await readAll([signature, ...documents]);
  return {
    id: crypto.randomUUID(),
    names: [first, ...contents].map(({ name }) => name),
    sha256: [first, ...contents].map(({ sha256 }) => sha256),
    body: { signature: first.content, ...asContents(contents) },
  };
}

interface ReadFile {
  name: string;
  content: string;
  sha256: string;
}

function asContents(files: readonly ReadFile[]): Pick<HandedIn['body'], 'content' | 'contents'> {
  if (files.length === 0) return {};
  if (files.length === 1) return { content: files[0].content };
  return { contents: files.map(({ name, content }) => ({ name, content })) };
}

async function readAll(files: readonly File[]): Promise<ReadFile[]> {
  try {
    return await Promise.all(
      files.map(async (file) => ({
        name: file.name,
        content: await base64Of(file),
        sha256: await sha256Of(file),
      })),
    );
  } catch (cause) {
    throw new FileError('files-unreadable', cause);
  }
}

/** By the browser's own reader: some megabytes in some milliseconds. */
function base64Of(file: File): Promise<string> {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('not read'));
    reader.readAsDataURL(file);
  });
}

async function sha256Of(file: File): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(hash), (octet) => octet.toString(16).padStart(2, '0')).join('');
}
