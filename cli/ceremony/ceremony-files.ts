import { lstat, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import type { ReviewedFile } from '../../ca/ceremony/act.ts';
import { CeremonyError } from '../../ca/ceremony/ceremony-error.ts';
import type { FileDigest } from '../../ca/ceremony/transcript.ts';
import { errorCode } from '../../core/errors.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { decodePem } from '../../pki/pem.ts';

/** A reviewed file, a certificate, a request, or the CRL of an offline CA with 20,000 entries. */
const FILE_OCTETS_MAX = 1_048_576;

/** The files of one ceremony, named relative to the reviewed file; keeps the digest of each that was read. */
export class CeremonyFiles {
  readonly filesRead: FileDigest[] = [];
  readonly #folder: string;
  readonly #output: string;

  constructor(reviewedFile: string, output: string) {
    this.#folder = dirname(resolve(reviewedFile));
    this.#output = output;
  }

  path(path: string): string {
    return resolve(this.#folder, path);
  }

  async certificate(file: ReviewedFile): Promise<Certificate> {
    return parseCertificate(derOf(await this.#read(file), file.path, 'CERTIFICATE'));
  }

  async certificationRequest(file: ReviewedFile): Promise<CertificationRequest> {
    const contents = await this.#read(file);
    return parseCertificationRequest(isPem(contents) ? contents.toString('latin1') : contents);
  }

  async certificateList(file: ReviewedFile): Promise<CertificateList> {
    return parseCertificateList(derOf(await this.#read(file), file.path, 'X509 CRL'));
  }

  /** Throws CeremonyError `file-exists` when one of the names is taken in the output folder. */
  async assertAbsent(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const path = join(this.path(this.#output), name);
      const found = await lstat(path).catch(() => undefined);
      if (found) throw exists(path);
    }
  }

  /**
   * Writes new files of mode 0644 into the output folder, in order, each durable before the next. When one cannot be written
   * (the disk is full), none is left, so that the act can be run again.
   */
  async write(files: readonly { name: string; contents: Uint8Array }[]): Promise<void> {
    const folder = this.path(this.#output);
    await mkdir(folder, { recursive: true });
    const written: string[] = [];
    try {
      for (const { name, contents } of files) await writeNewFile(join(folder, name), contents, written);
    } catch (error) {
      for (const path of written) await unlink(path).catch(() => undefined);
      throw error;
    }
  }

  /** As the transcript names it. */
  written({ name, contents }: { name: string; contents: Uint8Array }): FileDigest {
    return { path: join(this.#output, name), sha256: sha256Of(contents) };
  }

  /** What the reviewers saw is what is used: throws CeremonyError `file-changed` for anything else. */
  async #read({ path, sha256 }: ReviewedFile): Promise<Buffer> {
    const contents = await readBounded(this.path(path));
    const actual = sha256Of(contents);
    if (actual !== sha256) {
      throw new CeremonyError(
        'file-changed',
        `${path} has SHA-256 ${actual}, the reviewed file says ${sha256}`,
      );
    }
    this.filesRead.push({ path, sha256 });
    return contents;
  }
}

/** Reads a file of at most a mebibyte; throws CeremonyError `file-unreadable`. */
export async function readBounded(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size <= FILE_OCTETS_MAX) return await readFile(path);
  } catch (cause) {
    throw new CeremonyError('file-unreadable', `${path} cannot be read (${errorCode(cause) ?? 'unknown'})`, {
      cause,
    });
  }
  throw new CeremonyError('file-unreadable', `${path} has more than ${FILE_OCTETS_MAX} octets`);
}

export function sha256Of(contents: Uint8Array): string {
  return digest('sha256', contents).toString('hex');
}

/** Certificates travel as PEM or DER; PEM must hold exactly one. */
function derOf(contents: Buffer, path: string, label: string): Buffer {
  if (!isPem(contents)) return contents;
  const blocks = decodePem(contents.toString('latin1'), [label]);
  if (blocks.length === 1) return blocks[0].bytes;
  throw new CeremonyError(
    'file-unreadable',
    `${basename(path)} has ${blocks.length} blocks of ${label}, expected one`,
  );
}

function isPem(contents: Buffer): boolean {
  return contents.includes('-----BEGIN ');
}

/**
 * Not by way of a hard link, as key files are: the output folder may be on a stick, whose file system has none. A crash may
 * leave a part, which the digest in the transcript tells. `written` hears of the file as soon as it is there.
 */
async function writeNewFile(path: string, contents: Uint8Array, written: string[]): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o644);
    written.push(path);
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') throw exists(path);
    throw new CeremonyError(
      'file-unwritable',
      `${path} cannot be written (${errorCode(cause) ?? 'unknown'})`,
      { cause },
    );
  }
}

function exists(path: string): CeremonyError {
  return new CeremonyError('file-exists', `${path} exists and is not overwritten`);
}
