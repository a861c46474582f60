import { readFile, stat } from 'node:fs/promises';

import { errorCode } from '../../core/errors.ts';
import { AttestationError } from '../../keys/attestation/attestation-error.ts';
import { parseAndroidStatusList } from '../../keys/attestation/android-status-list.ts';
import type { AndroidStatusList } from '../../keys/attestation/android-status-list.ts';
import type { AndroidPolicy, AttestationPolicy } from '../../keys/attestation/attestation-policy.ts';
import { judgeKeyAttestation } from '../../keys/attestation/judge-key-attestation.ts';
import type { AttestationCase } from '../../keys/attestation/judge-key-attestation.ts';
import type { AttestationVerdict } from '../../pki/attestation/key-attestation.ts';
import { readAttestationFile } from './attestation-file.ts';
import type { AttestationFile, StatusListFile } from './attestation-file.ts';

export interface AttestationJudges {
  /** What counts now. */
  judge(asked: AttestationCase): Promise<AttestationVerdict>;
  /** What counted at a moment in the past, but for what manufacturers had withdrawn by then, which nobody knows any more. */
  judgeAgain(asked: AttestationCase): AttestationVerdict;
}

/** The judges of a deployment, for registration and certification authority alike; without a file nothing counts. */
export async function openAttestationJudges(path: string | undefined): Promise<AttestationJudges> {
  const file: AttestationFile = path === undefined ? {} : await readAttestationFile(path);
  const statuses = file.android && statusListAt(file.android.statusList);
  return {
    judge: async (asked) =>
      judgeKeyAttestation(policyOf(file, statuses ? await statuses(asked.now) : 'outdated'), asked),
    judgeAgain: (asked) => judgeKeyAttestation(policyOf(file, 'not-asked'), asked),
  };
}

function policyOf(
  { android, apple }: AttestationFile,
  statuses: AndroidPolicy['statuses'],
): AttestationPolicy {
  return { ...(android && { android: { ...android, statuses } }), ...(apple && { apple }) };
}

/** The operator fetches the list into the file; one that is missing, old or broken makes that nothing counts, until it is mended. */
function statusListAt({ path, hoursMax }: StatusListFile): (now: Date) => Promise<AndroidPolicy['statuses']> {
  let read: { writtenAt: number; list: AndroidStatusList | 'outdated' } | undefined;
  return async (now) => {
    const writtenAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (writtenAt === undefined || now.getTime() - writtenAt > hoursMax * 3_600_000) return 'outdated';
    if (read?.writtenAt !== writtenAt) read = { writtenAt, list: await readStatusList(path) };
    return read.list;
  };
}

async function readStatusList(path: string): Promise<AndroidStatusList | 'outdated'> {
  try {
    return parseAndroidStatusList(await readFile(path, 'utf8'));
  } catch (error) {
    // Being replaced at this moment, perhaps.
    if (error instanceof AttestationError || errorCode(error) !== undefined) return 'outdated';
    throw error;
  }
}
