import type { StatusChange, StatusEvent } from '../../pki/certificate-status.ts';
import { REVOCATION_REASONS } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { AuditError } from '../audit-error.ts';
import type { LogLeaf } from '../log-leaf.ts';

const EVENTS: Readonly<Record<string, StatusEvent>> = {
  'issue-certificate': 'issued',
  'import-certificate': 'issued',
  'hold-certificate': 'held',
  'release-certificate': 'released',
  'revoke-certificate': 'revoked',
};

/** A status change that a leaf tells of; issued by the thousand, its number is not told. */
export type ToldChange = Omit<StatusChange, 'changeNumber'> & { changeNumber?: number; leaf: LogLeaf };

/** The status change that a leaf tells of; undefined for other leaves. Throws AuditError `leaf-malformed`. */
export function toldChange(leaf: LogLeaf): ToldChange | undefined {
  const event = leaf.outcome === 'accepted' && Object.hasOwn(EVENTS, leaf.action) && EVENTS[leaf.action];
  const [, authorityId, serial] = /^certificate:([^/]+)\/((?:[0-9a-f]{2}){1,20})$/.exec(leaf.subject) ?? [];
  // A root issues itself: it is in no history.
  if (!event || serial === undefined) return undefined;
  const { changeNumber, effectiveAt, reason, invalidityDate } = leaf.details;
  if (changeNumber !== undefined && !(typeof changeNumber === 'number' && Number.isSafeInteger(changeNumber)))
    throw malformed(leaf);
  return {
    leaf,
    authorityId,
    serialNumber: Buffer.from(serial, 'hex'),
    event,
    effectiveAt: instantOf(effectiveAt, leaf),
    ...(changeNumber !== undefined && { changeNumber }),
    ...(typeof reason === 'string' && { reason: reasonOf(reason, leaf) }),
    ...(typeof invalidityDate === 'string' && { invalidityDate: instantOf(invalidityDate, leaf) }),
  };
}

/**
 * The changes after the last one that is here, each with its number, in their order. Those whose numbers are not told get what is
 * left between the others: of two, the one first whose certificate was changed again the sooner. Throws AuditError
 * `replay-impossible` when the log does not tell of a number.
 */
export function numberChanges(
  told: readonly ToldChange[],
  lastChangeNumber: number,
): (StatusChange & { leaf: LogLeaf })[] {
  const numbered = told.filter(hasNumber).filter(({ changeNumber }) => changeNumber > lastChangeNumber);
  const followedAt = new Map<string, number>();
  for (const change of numbered) {
    const key = keyOf(change);
    followedAt.set(key, Math.min(followedAt.get(key) ?? Infinity, change.changeNumber));
  }
  const unnumbered = told
    .filter(({ changeNumber }) => changeNumber === undefined)
    .sort((a, b) => (followedAt.get(keyOf(a)) ?? Infinity) - (followedAt.get(keyOf(b)) ?? Infinity) || 0)
    .values();
  const taken = new Map(numbered.map((change) => [change.changeNumber, change]));
  const count = told.filter((one) => one.changeNumber === undefined).length + numbered.length;
  return Array.from({ length: count }, (_, at) => {
    const changeNumber = lastChangeNumber + 1 + at;
    const change = taken.get(changeNumber) ?? unnumbered.next().value;
    if (!change)
      throw new AuditError('replay-impossible', `the log does not tell of status change ${changeNumber}`);
    return { ...change, changeNumber };
  });
}

function hasNumber(change: ToldChange): change is ToldChange & { changeNumber: number } {
  return change.changeNumber !== undefined;
}

function keyOf({ authorityId, serialNumber }: Pick<StatusChange, 'authorityId' | 'serialNumber'>): string {
  return `${authorityId}/${serialNumber.toString('hex')}`;
}

function reasonOf(text: string, leaf: LogLeaf): RevocationReason {
  if (Object.hasOwn(REVOCATION_REASONS, text)) return text as RevocationReason;
  throw malformed(leaf);
}

function instantOf(value: unknown, leaf: LogLeaf): Date {
  const instant = new Date(typeof value === 'string' ? value : NaN);
  if (Number.isNaN(instant.getTime())) throw malformed(leaf);
  return instant;
}

function malformed({ event }: LogLeaf): AuditError {
  return new AuditError(
    'leaf-malformed',
    `event ${event} does not tell what it takes to make its change again`,
  );
}
