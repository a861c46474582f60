import { writeFile } from 'node:fs/promises';

import { DomainError, errorCode } from '../../core/errors.ts';
import { createKeyFile } from '../../keys/create-key-file.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { askSecret } from './ask-secret.ts';

const FORM = {
  usage: 'pkcs12 request <new key file> <new request file> [--key-type p-256] [--passphrase-file <file>]',
  operands: 2,
  values: ['key-type', 'passphrase-file'],
};

/** What devices take; the others of `KEY_TYPES` most of them do not read. */
const HOLDER_KEY_TYPES = ['p-256', 'rsa-2048', 'rsa-3072'] as const;

/** The service gives the name in the certificate; nobody reads this one. */
const SUBJECT = [{ type: AT.commonName, value: 'holder' }];

/** `mohr pkcs12 request`: makes a key here, and the request (PKCS#10) that goes into an application. Resolves to the exit code. */
export async function request(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, {});
  if (!line) return USAGE_EXIT_CODE;
  const { operands, values } = line;
  const [keyPath, requestPath] = operands;
  const keyType = HOLDER_KEY_TYPES.find((known) => known === (values['key-type'] ?? 'p-256'));
  if (!keyType) {
    process.stderr.write(`mohr ${FORM.usage}\n  --key-type: ${HOLDER_KEY_TYPES.join(', ')}\n`);
    return USAGE_EXIT_CODE;
  }
  const passphrase = await askSecret('passphrase of the new key file', values['passphrase-file'], {
    confirm: true,
  });
  await createKeyFile({ path: keyPath, keyType, passphrase });
  const signer = await openFileSigner({ path: keyPath, passphrase });
  const pem = encodePem('CERTIFICATE REQUEST', await makeCertificationRequest(signer, SUBJECT));
  await writeFile(requestPath, pem, { flag: 'wx' }).catch((cause: unknown) => {
    const why = errorCode(cause);
    throw new DomainError('output-unwritable', `${requestPath} cannot be written: ${why}`, { cause });
  });
  output.write(`${keyPath}: keep it, and its passphrase, until the certificate is here\n${requestPath}\n`);
  return 0;
}
