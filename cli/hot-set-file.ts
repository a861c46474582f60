import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../core/errors.ts';
import { HotSet } from '../ocsp/hot-set.ts';
import { encodeOcspRequest, parseOcspRequest } from '../pki/ocsp-request.ts';
import { PkiError } from '../pki/pki-error.ts';
import { SIGNATURE_SCHEMES } from '../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';

/** Lines read at most: as many as the set takes. */
const LINES_MAX = 16_384;

/**
 * The hot set over restarts: CertIDs in a file of the data directory, the least recently asked first. No names, no times, and
 * nothing of who asked. What cannot be read is left out: a hot set that is lost costs signatures, nothing else.
 */
export class HotSetFile {
  readonly #path: string;
  #writtenVersion = 0;

  constructor(dataDirectory: string) {
    this.#path = join(dataDirectory, 'ocsp-hot-set');
  }

  async read(): Promise<HotSet> {
    const hotSet = new HotSet();
    const text = await readFile(this.#path, 'latin1').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw error;
    });
    for (const line of text.split('\n').slice(-LINES_MAX)) noteLine(hotSet, line);
    this.#writtenVersion = hotSet.version;
    return hotSet;
  }

  /** Writes beside the file and puts it in its place: a crash leaves the old one. */
  async write(hotSet: HotSet): Promise<void> {
    const { version } = hotSet;
    if (version === this.#writtenVersion) return;
    const lines = hotSet
      .answers()
      .reverse()
      .map(({ authorityId, algorithm, certId }) => `${authorityId} ${algorithm} ${base64Of(certId)}\n`);
    await writeFile(`${this.#path}.new`, lines.join(''), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
    this.#writtenVersion = version;
  }
}

function noteLine(hotSet: HotSet, line: string): void {
  const [authorityId, algorithm, base64 = ''] = line.split(' ');
  const bytes = Buffer.from(base64, 'base64');
  if (!isAlgorithm(algorithm) || bytes.length === 0) return;
  try {
    const { certId } = parseOcspRequest(encodeOcspRequest([bytes])).requests[0];
    hotSet.note({
      authorityId,
      algorithm,
      certId: certId.bytes.toString('latin1'),
      serialNumber: certId.serialNumber.toString('latin1'),
    });
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
}

function isAlgorithm(name: string | undefined): name is SignatureAlgorithmName {
  return name !== undefined && Object.hasOwn(SIGNATURE_SCHEMES, name);
}

function base64Of(certId: string): string {
  return Buffer.from(certId, 'latin1').toString('base64');
}
