import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError, errorCode } from '../../core/errors.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { KeyStore } from '../key-store.ts';
import { noteNodeKey } from '../tsa/node-keys.ts';

const FORM = { usage: 'keys request-tsa <new file> --node-name <name> [flags]', operands: 1 };

/** `mohr keys request-tsa`, on a `tsa` node: makes a key, and a file with its request. Resolves to the exit code. */
export async function requestTsa(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { settings, operands } = line;
  const { nodeName, dataDirectory } = settings;
  if (nodeName === undefined) {
    process.stderr.write(`mohr ${FORM.usage}\n`);
    return USAGE_EXIT_CODE;
  }
  const keys = await KeyStore.open(join(dataDirectory, 'keys'), settings);
  try {
    const reference = await keys.create(`tsa-${nodeName}`, 'p-256');
    const signer = await keys.openSigner(reference);
    await noteNodeKey(dataDirectory, reference, signer);
    // The CA gives the name; this one is for whoever looks at the file.
    const subject = [{ type: AT.commonName, value: `Time Stamping Unit ${nodeName}` }];
    const request = encodePem('CERTIFICATE REQUEST', await makeCertificationRequest(signer, subject));
    await writeFile(operands[0], request, { flag: 'wx' }).catch((cause: unknown) => {
      const detail = `${operands[0]} cannot be written: ${errorCode(cause)}`;
      throw new DomainError('output-unwritable', detail, { cause });
    });
    output.write(`${reference}\n`);
  } finally {
    await keys.close();
  }
  return 0;
}
