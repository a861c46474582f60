import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { systemClock } from '../../core/clock.ts';
import { errorCode } from '../../core/errors.ts';
import { passphraseFromFile } from '../../keys/passphrase.ts';
import { passphraseFromTerminal } from '../../keys/passphrase-from-terminal.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { USAGE_EXIT_CODE } from '../command-line.ts';
import { readInputFile } from '../read-input-file.ts';
import { TSA_SETTINGS } from '../tsa/tsa-settings.ts';
import { liftSignature } from './lift-signature.ts';
import { signContent } from './sign-content.ts';
import type { SigningKey } from './sign-content.ts';
import { signInSession } from './sign-in-session.ts';
import { SignError } from './sign-error.ts';
import { SIGN_USAGE, readSignLine } from './sign-line.ts';
import type { SignLine } from './sign-line.ts';

/** `mohr sign`: signs a file with a card, any other PKCS#11 token, a key file or the holder's phone. Resolves to the exit code. */
export async function sign(args: string[]): Promise<number> {
  const line = readSignLine(args, process.env[TSA_SETTINGS.tsaUrl.variable]);
  if (!line) {
    process.stderr.write(SIGN_USAGE);
    return USAGE_EXIT_CODE;
  }
  const { out } = line;
  const signature = await signatureOf(line);
  await writeFile(out, signature, { flag: 'wx' }).catch((cause: unknown) => {
    if (errorCode(cause) === 'EEXIST')
      throw new SignError('output-exists', `${out} exists and is not overwritten`, { cause });
    throw new SignError('output-unwritable', `${out} cannot be written`, { cause });
  });
  process.stdout.write(`${out}\n`);
  return 0;
}

async function signatureOf(line: SignLine): Promise<Buffer> {
  const content = await readInputFile(line.file);
  const signature = await signatureAtBB(line, content);
  const { level, format, tsaUrl, trustFile } = line;
  if (tsaUrl === undefined || level === 'B-B') return signature;
  const anchors = await certificatesOf(trustFile);
  return liftSignature(signature, {
    format: format.augmentedAs ?? format.name,
    level,
    content,
    tsaUrl,
    anchors,
    clock: systemClock,
  });
}

async function signatureAtBB(line: SignLine, content: Buffer): Promise<Buffer> {
  const { key, format } = line;
  if ('service' in key) {
    return signInSession({
      ...line,
      key,
      content,
      title: basename(line.file),
      format: format.name,
      clock: systemClock,
      onCode: (code) => process.stderr.write(`code on the holder's phone: ${code}\n`),
    });
  }
  return signContent({
    ...line,
    key,
    content,
    fileName: basename(line.file),
    certificates: await certificatesOf(line.certificateFile),
    clock: systemClock,
    askSecret: () => askSecret(key, line),
  });
}

function askSecret(key: SigningKey, { passphraseFile }: SignLine) {
  if (passphraseFile !== undefined) return passphraseFromFile(passphraseFile);
  const prompt = 'path' in key ? `Passphrase of ${key.path}` : 'PIN';
  return passphraseFromTerminal({ prompt, input: process.stdin, output: process.stderr });
}

async function certificatesOf(path: string | undefined): Promise<Certificate[]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'latin1').catch((cause: unknown) => {
    throw new SignError('certificate-missing', `${path} cannot be read`, { cause });
  });
  return decodePem(text, ['CERTIFICATE']).map(({ bytes }) => parseCertificate(bytes));
}
