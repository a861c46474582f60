import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from './temporary-folder.ts';

/** The clock of processes of their own, as it can be wrong: they are started with its variables, and then it jumps. */
export interface JumpingClock {
  variables: Record<string, string>;
  /** From now on it shows so many seconds more, or fewer, than this machine's. */
  jumpTo(seconds: number): void;
  now(): Date;
}

/** By libfaketime of Debian. The monotonic clock, and with it every timer, goes on as it does when an operator sets the time. */
export function jumpingClock(t: { teardown(undo: () => void): void }): JumpingClock {
  const file = join(temporaryFolder(t), 'time');
  let offset = 0;
  const jumpTo = (seconds: number) => {
    offset = seconds;
    // Renamed: nobody reads half of it.
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${file}.new`, file);
  };
  jumpTo(0);
  return {
    variables: {
      LD_PRELOAD: faketimeLibrary(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    jumpTo,
    now: () => new Date(Date.now() + offset * 1000),
  };
}

function faketimeLibrary(): string {
  const found = readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error('libfaketime is not installed');
  return found;
}
