import { Errors } from 'typebox/value';
import { parse } from 'yaml';

import { parseDuration } from '../../core/duration.ts';
import { ACT_SCHEMAS } from './act.ts';
import type { ActName, CeremonyAct } from './act.ts';
import { CeremonyError } from './ceremony-error.ts';

/** Reads one act from YAML text; throws CeremonyError `act-malformed` with every fault found. `file` is for the message. */
export function parseAct(text: string, file: string): CeremonyAct {
  const value = parseYaml(text, file);
  const name = nameOf(value);
  if (!name) {
    throw new CeremonyError(
      'act-malformed',
      `${file}: act is none of ${Object.keys(ACT_SCHEMAS).join(', ')}`,
    );
  }
  const faults = Errors(ACT_SCHEMAS[name], value).map(
    (fault) => `${fault.instancePath || '/'} ${fault.message}`,
  );
  if (faults.length === 0)
    faults.push(...CONTRADICTIONS.flatMap((fault) => fault(value as CeremonyAct) ?? []));
  if (faults.length > 0) {
    throw new CeremonyError('act-malformed', `${file}: ${[...new Set(faults)].join('; ')}`);
  }
  return value as CeremonyAct;
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text, { strict: true, uniqueKeys: true });
  } catch (cause) {
    const [line] = (cause as Error).message.split('\n');
    throw new CeremonyError('act-malformed', `${file}: not YAML: ${line}`, { cause });
  }
}

function nameOf(value: unknown): ActName | undefined {
  if (typeof value !== 'object' || value === null || !('act' in value)) return undefined;
  return (Object.keys(ACT_SCHEMAS) as ActName[]).find((name) => name === value.act);
}

/** What a schema cannot say. */
const CONTRADICTIONS: readonly ((act: CeremonyAct) => string | undefined)[] = [
  (act) =>
    'validity' in act && act.validity && !isDuration(act.validity) ? '/validity is no duration' : undefined,
  (act) => (isInstant(`${act.date}T00:00:00Z`) ? undefined : '/date is no day'),
  (act) =>
    'keyStore' in act && !act.keyStore.folder && !act.transcriptKey
      ? '/transcriptKey is needed where the key store has no folder'
      : undefined,
  (act) =>
    'keyStore' in act && act.keyStore.folder && !act.keyStore.passphrase
      ? '/keyStore/passphrase is needed for keys in a folder'
      : undefined,
  (act) => {
    if (act.act !== 'root-crl') return undefined;
    return (act.crlNumber === 1) === (act.previous === undefined)
      ? undefined
      : '/previous stands in every root-crl but that of number 1';
  },
  (act) => {
    if (act.act !== 'root-crl') return undefined;
    const instants = (act.revoke ?? []).flatMap(({ revokedAt, invalidityDate }) => [
      revokedAt,
      invalidityDate ?? revokedAt,
    ]);
    return instants.every(isInstant) ? undefined : '/revoke has an instant that does not exist';
  },
];

function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

/** `Date` rolls 31 February over into March: only what it says back is an instant of the calendar. */
function isInstant(text: string): boolean {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().replace('.000', '') === text;
}
