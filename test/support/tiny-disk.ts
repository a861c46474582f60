import { execFileSync } from 'node:child_process';
import { chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from './temporary-folder.ts';

/** A file system of a few megabytes that can be filled to the last octet. */
export interface TinyDisk {
  folder: string;
  fill(): void;
  empty(): void;
}

/** Why there is none here: mounting needs root. Undefined where one can be had. */
export const NO_TINY_DISK =
  process.getuid?.() === 0 ? undefined : 'a disk that is full needs root, to mount a tmpfs';

export function tinyDisk(
  t: { teardown(undo: () => void): void },
  megabytes: number,
  owner?: string,
): TinyDisk {
  const folder = temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  t.teardown(() => execFileSync('umount', ['--lazy', folder]));
  if (owner) {
    const [, , uid, gid] = passwd(owner);
    chownSync(folder, Number(uid), Number(gid));
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => {
      // In ever smaller pieces: what a file system refuses to a large one it may grant to a small one.
      for (let octets = megabytes * 2 ** 20; octets >= 1; octets = Math.floor(octets / 2)) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(octets), { flag: 'a' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
    },
    empty: () => rmSync(filler),
  };
}

function passwd(user: string): string[] {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((row) => row.startsWith(`${user}:`));
  if (!line) throw new Error(`no user ${user}`);
  return line.split(':');
}
