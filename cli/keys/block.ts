import { systemClock } from '../../core/clock.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { withStores } from '../open-database.ts';
import { readInputFile } from '../read-input-file.ts';
import { blockKey } from './block-key.ts';
import type { BlockedKeyReport } from './block-key.ts';
import { publicKeyOf } from './public-key-of.ts';

const FORM = {
  usage: 'keys block <SHA-256 of the SubjectPublicKeyInfo | file> --reason <text> [flags]',
  operands: 1,
  values: ['reason'],
};
const ACTOR = { kind: 'operator', id: 'mohr-keys' } as const;
/** Stands in the audit log for ever. */
const REASON_CHARACTERS_MAX = 500;

/** `mohr keys block`: nothing is issued for the key from now on. Resolves to the exit code. */
export async function block(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  const reason = line?.values['reason']?.trim() ?? '';
  if (!line || reason === '' || reason.length > REASON_CHARACTERS_MAX) {
    if (line)
      process.stderr.write(`mohr ${FORM.usage}\n  --reason: 1 to ${REASON_CHARACTERS_MAX} characters\n`);
    return USAGE_EXIT_CODE;
  }
  const spkiSha256 = await fingerprintOf(line.operands[0]);
  const report = await withStores(line.settings, (stores) =>
    blockKey({ ...stores, transactions: stores.database, clock: systemClock }, { spkiSha256, reason }, ACTOR),
  );
  output.write(textOf(report));
  return 0;
}

async function fingerprintOf(operand: string): Promise<Buffer> {
  if (/^[0-9a-f]{64}$/i.test(operand)) return Buffer.from(operand, 'hex');
  return digest('sha256', publicKeyOf(await readInputFile(operand)));
}

function textOf({ spkiSha256, isNew, certificates, authorities }: BlockedKeyReport): string {
  return [
    `key ${spkiSha256} ${isNew ? 'is blocked' : 'was blocked before; nothing has changed'}`,
    ...authorities.map((id) => `  it is the key of the authority ${id} itself`),
    ...certificates.map(
      ({ authorityId, serialNumber, origin, lastEvent }) =>
        `  certificate ${authorityId}/${serialNumber.toString('hex')} (${origin}): ${lastEvent ?? 'being issued'}`,
    ),
    ...(certificates.length === 0 ? ['  no certificate was issued for it'] : []),
    '',
  ].join('\n');
}
