import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError, errorCode } from '../../core/errors.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { KEY_TYPES } from '../../pki/key-type.ts';
import type { KeyType } from '../../pki/key-type.ts';
import { AT } from '../../pki/oid.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { KeyStore } from '../key-store.ts';
import { sha256Line, writeResponderRequests } from './responder-requests.ts';

const FORM = {
  usage:
    'keys request-responders <new file> --authorities <id,…> --node-name <name> [--count 8] [--key-type p-256]',
  operands: 1,
  values: ['authorities', 'count', 'key-type'],
};

/** A responder certificate lives 90 days and is replaced after 60: eight keys last for sixteen months. */
const COUNT = 8;
const COUNT_MAX = 60;

/** `mohr keys request-responders`, on an OCSP node: makes keys, and a file with a request for each. Resolves to the exit code. */
export async function requestResponders(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { settings, values, operands } = line;
  const { nodeName } = settings;
  const authorityIds = (values['authorities'] ?? '').split(',').filter((id) => id !== '');
  const count = Number(values['count'] ?? COUNT);
  const keyType = KEY_TYPES.find((known) => known === (values['key-type'] ?? 'p-256'));
  const isCount = Number.isSafeInteger(count) && count >= 1 && count <= COUNT_MAX;
  if (nodeName === undefined || authorityIds.length === 0 || !isCount || !keyType) {
    process.stderr.write(`mohr ${FORM.usage}\n  --count: 1 to ${COUNT_MAX}\n`);
    return USAGE_EXIT_CODE;
  }
  const keys = await KeyStore.open(join(settings.dataDirectory, 'keys'), settings);
  try {
    const requests = [];
    for (let made = 0; made < count; made += 1)
      for (const authorityId of authorityIds)
        requests.push(await makeRequest(keys, { nodeName, authorityId, keyType }));
    const text = writeResponderRequests({ nodeName, requests });
    await writeNew(operands[0], text);
    output.write(`${requests.length} keys of ${nodeName}\n${sha256Line(text)}`);
  } finally {
    await keys.close();
  }
  return 0;
}

async function makeRequest(
  keys: KeyStore,
  { nodeName, authorityId, keyType }: { nodeName: string; authorityId: string; keyType: KeyType },
) {
  const keyReference = await keys.create(`ocsp-${authorityId}-${nodeName}`, keyType);
  // The CA gives the name; this one is for whoever looks at the file.
  const subject = [{ type: AT.commonName, value: `OCSP Responder ${authorityId} ${nodeName}` }];
  const certificationRequest = await makeCertificationRequest(await keys.openSigner(keyReference), subject);
  return { authorityId, keyReference, certificationRequest };
}

async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((cause: unknown) => {
    throw new DomainError('output-unwritable', `${path} cannot be written: ${errorCode(cause)}`, { cause });
  });
}
