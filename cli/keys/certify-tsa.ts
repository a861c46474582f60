import { writeFile } from 'node:fs/promises';

import { certifyTimeStampingKey, timeStampingAuthority } from '../../ca/issue/certify-time-stamping-key.ts';
import { systemClock } from '../../core/clock.ts';
import { DomainError, errorCode } from '../../core/errors.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { encodePem } from '../../pki/pem.ts';
import { withCampaignHouse } from '../campaign/campaign-house.ts';
import { chainBelowRoot } from '../chain-below-root.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { readInputFile } from '../read-input-file.ts';

const FORM = {
  usage: 'keys certify-tsa <request> <new file> --node-name <name of the tsa node> [flags]',
  operands: 2,
};
const ACTOR = { kind: 'operator', id: 'mohr-keys' } as const;

/**
 * `mohr keys certify-tsa`, where the CAs are: certifies the key of a `tsa` node, and writes the certificate with its issuers. Resolves to
 * the exit code.
 */
export async function certifyTsa(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { settings, operands } = line;
  const { nodeName } = settings;
  if (nodeName === undefined) {
    process.stderr.write(`mohr ${FORM.usage}\n`);
    return USAGE_EXIT_CODE;
  }
  const [requestFile, out] = operands;
  const text = (await readInputFile(requestFile)).toString('latin1');
  const { subjectPublicKeyInfo } = parseCertificationRequest(text);
  const chain = await withCampaignHouse({ settings, clock: systemClock }, async (house) => {
    const issuing = {
      ...house,
      issuing: house.authorities,
      endedAuthorities: () => house.standing.ended(),
    };
    const authority = await timeStampingAuthority(issuing);
    const { certificate } = await certifyTimeStampingKey(
      issuing,
      authority,
      { subjectPublicKeyInfo, nodeName },
      ACTOR,
    );
    return [certificate, ...chainBelowRoot(house.hierarchy, authority.id)];
  });
  const pem = chain.map(({ bytes }) => encodePem('CERTIFICATE', bytes)).join('');
  await writeFile(out, pem, { flag: 'wx' }).catch((cause: unknown) => {
    throw new DomainError('output-unwritable', `${out} cannot be written: ${errorCode(cause)}`, { cause });
  });
  output.write(`${out}\n`);
  return 0;
}
