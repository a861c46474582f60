import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { decodePem } from '../pki/pem.ts';
import { parsePolicyFile } from '../validation/policy-file.ts';
import type { PolicyFile } from '../validation/policy-file.ts';
import { ValidationError } from '../validation/validation-error.ts';

/** Where a deployment says what it asks of signatures; absent: as shipped. */
const FILE = 'validation-policy.json';

export interface LoadedPolicy {
  file: PolicyFile;
  /** What the files that it names hold. */
  timeStampAnchors: Certificate[];
}

/**
 * Reads it from the data directory, with the certificates that it names; throws ValidationError `validation-policy-malformed`
 * or PkiError, so that no service starts on a misread one.
 */
export async function loadValidationPolicy(dataDirectory: string): Promise<LoadedPolicy | undefined> {
  const text = await readIfThere(join(dataDirectory, FILE));
  if (text === undefined) return undefined;
  const file = parsePolicyFile(text);
  const lists = await Promise.all(file.timeStampAnchors.map((name) => readCertificates(dataDirectory, name)));
  return { file, timeStampAnchors: lists.flat() };
}

async function readCertificates(dataDirectory: string, name: string): Promise<Certificate[]> {
  if (basename(name) !== name) throw malformed(`${name} does not lie beside the file`);
  const text = await readIfThere(join(dataDirectory, name));
  if (text === undefined) throw malformed(`there is no ${name}`);
  const blocks = decodePem(text, ['CERTIFICATE']);
  if (blocks.length === 0) throw malformed(`${name} has no certificate`);
  return blocks.map(({ bytes }) => parseCertificate(bytes));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

function malformed(detail: string): ValidationError {
  return new ValidationError('validation-policy-malformed', detail);
}
