import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { opensslChecks } from './openssl-checks.ts';
import type { Narrator } from './narrator.ts';
import type { Prescription } from './prescriptions.ts';

/** The folder that a sceptic gets. */
export class Artefacts {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Empties and opens the folder. */
  static async open(folder: string): Promise<Artefacts> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return new Artefacts(folder);
  }

  async write(name: string, content: Buffer, mode = 0o644): Promise<void> {
    await writeFile(join(this.#folder, name), content, { mode });
  }

  /** Prints, and leaves as `check.sh`, the OpenSSL lines with which each file can be checked. */
  async explain(narrator: Narrator, prescriptions: readonly Prescription[]): Promise<void> {
    const lines = opensslChecks(prescriptions);
    const script = ['#!/bin/sh', 'set -eux', 'cd "$(dirname "$0")"', ...lines, ''].join('\n');
    await this.write('check.sh', Buffer.from(script), 0o755);
    narrator.say(
      `\nDo not believe this: check it. In ${relative('', this.#folder) || '.'}/ (all of it: sh check.sh)\n`,
    );
    for (const line of lines) narrator.say(`  ${line}`);
  }
}
