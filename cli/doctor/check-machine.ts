import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../../core/errors.ts';
import type { ClockSynchronisation } from '../../tsa/clock-synchronisation.ts';
import type { Settings } from '../settings.ts';
import type { Examiner } from './diagnosis.ts';

export async function checkClock(
  synchronisation: ClockSynchronisation | undefined,
  { tsaAccuracyMilliseconds }: Pick<Settings, 'tsaAccuracyMilliseconds'>,
  examiner: Examiner,
): Promise<void> {
  if (!synchronisation)
    return examiner.warn(
      'nobody vouches for the clock of this machine (MOHR_TSA_CLOCK is unchecked)',
      'install chrony and set MOHR_TSA_CLOCK=chrony (docs/TSA.md)',
    );
  const state = await synchronisation.state();
  if (!state.synchronised)
    return examiner.fail(
      `the clock is not known to be right: ${state.reason}`,
      'systemctl status chrony; chronyc sources -v: a server has to be reachable; where systemd-timesyncd keeps the time, MOHR_TSA_CLOCK=timesyncd. Nothing is time-stamped until then',
    );
  const error = `${state.errorMilliseconds.toFixed(1)} ms`;
  if (state.errorMilliseconds > tsaAccuracyMilliseconds)
    return examiner.fail(
      `the clock may be wrong by ${error}, and time stamps say ${tsaAccuracyMilliseconds} ms`,
      'nearer time servers, or a greater MOHR_TSA_ACCURACY_MS',
    );
  return examiner.ok(`the clock is right to ${error}`);
}

/** Nobody but the service's user reads keys, tokens and passphrases. */
const OTHERS = 0o077;

/** Permissions of the data directory's secrets and of the files that settings name. */
export async function checkFiles(settings: Settings, examiner: Examiner): Promise<void> {
  const { dataDirectory } = settings;
  const keys = join(dataDirectory, 'keys');
  const named = Object.entries(settings).flatMap(([name, value]) =>
    /(?:TokenFile|TokensFile|UrlFile|PassphraseFile)$/.test(name) && typeof value === 'string' ? [value] : [],
  );
  const secrets = [keys, ...(await filesIn(keys)), join(dataDirectory, 'metrics-token'), ...named];
  let right = 0;
  for (const path of secrets) {
    const mode = await modeOf(path, named, examiner);
    if (mode === undefined) continue;
    if ((mode & OTHERS) === 0) right += 1;
    else
      examiner.fail(
        `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`,
        `chmod ${path === keys ? 'u=rwx' : 'u=rw'},go= '${path}', and take the key or secret for known to whoever has an account here`,
      );
  }
  examiner.ok(`${right} secret files and folders are the service's alone`);
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}

/** Undefined when there is no such file; for one that a setting names, that is a fault. */
async function modeOf(
  path: string,
  named: readonly string[],
  examiner: Examiner,
): Promise<number | undefined> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    if (named.includes(path) || errorCode(error) !== 'ENOENT')
      examiner.fail(
        `${path} cannot be read (${errorCode(error)})`,
        'run this as the user of the service; make the file, or correct the setting',
      );
    return undefined;
  }
}

const FREE_SHARE = { warning: 0.1, critical: 0.03 };

/** Where keys, marks of time stamps and perhaps the database lie. */
export async function checkDisk(
  { dataDirectory }: Pick<Settings, 'dataDirectory'>,
  examiner: Examiner,
): Promise<void> {
  const found = await statfs(dataDirectory).catch(() => undefined);
  if (!found)
    return examiner.fail(`${dataDirectory} is not there`, 'correct MOHR_DATA_DIR, or mount its disk');
  const share = found.bavail / found.blocks;
  const finding = `${(share * 100).toFixed(0)} % of the disk of ${dataDirectory} is free`;
  const advice = 'make room: a service that cannot write acknowledges nothing';
  if (share < FREE_SHARE.critical) return examiner.fail(finding, advice);
  return share < FREE_SHARE.warning ? examiner.warn(finding, advice) : examiner.ok(finding);
}
