import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { USAGE_EXIT_CODE } from '../../command-line.ts';
import { VERSION } from '../../package-root.ts';
import { readInputFile } from '../../read-input-file.ts';
import { AgentError } from '../agent-error.ts';
import { readReleaseKey, verifyRelease } from './release.ts';

const USAGE = `mohr card-agent update <package.tgz> [--state <folder>] [--check]
  Beside the package lie <package.tgz>.release and <package.tgz>.sig.
`;

/** Of the pinned key, in the agent's state folder. */
export const RELEASE_KEY_FILE = 'release-key.pem';
const INSTALL_MILLISECONDS_MAX = 600_000;

/** `mohr card-agent update`: verifies a package by the pinned release key, and installs exactly the octets that were verified. */
export async function update(args: string[]): Promise<number> {
  const line = readLine(args);
  if (!line) {
    process.stderr.write(USAGE);
    return USAGE_EXIT_CODE;
  }
  const { file, stateFolder, checkOnly } = line;
  const releaseKey = readReleaseKey(await pinnedKey(stateFolder));
  const content = await readInputFile(file);
  const [statement, signature] = await Promise.all([part(`${file}.release`), part(`${file}.sig`)]);
  const parts = { package: content, statement: statement.toString('utf8'), signature };
  const { version } = verifyRelease(parts, { releaseKey, running: VERSION });
  process.stdout.write(`mohr ${version} is signed by the pinned key\n`);
  if (checkOnly) return 0;
  await install(stateFolder, version, content);
  process.stdout.write(
    `mohr ${version} is installed; restart the agent: systemctl --user restart mohr-card-agent\n`,
  );
  return 0;
}

function readLine(args: string[]) {
  try {
    const options = { state: { type: 'string' }, check: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) return undefined;
    const stateFolder = values.state ?? join(homedir(), '.local', 'state', 'mohr-card-agent');
    return { file, stateFolder, checkOnly: values.check ?? false };
  } catch {
    return undefined;
  }
}

async function pinnedKey(stateFolder: string): Promise<string> {
  const file = join(stateFolder, RELEASE_KEY_FILE);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const detail = 'no release key is pinned; `mohr card-agent install --release-key <pem>` pins one';
    throw new AgentError('update-unsigned', detail, { cause });
  });
}

async function part(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new AgentError('update-unsigned', `${file} is missing`, { cause });
  });
}

/** From a copy of our own: the file that was named may change under us. */
async function install(stateFolder: string, version: string, content: Buffer): Promise<void> {
  const folder = join(stateFolder, 'update');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, `mohr-${version}.tgz`);
  await writeFile(copy, content, { mode: 0o600 });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  try {
    await promisify(execFile)(npm, ['install', '--global', '--no-audit', '--no-fund', copy], {
      timeout: INSTALL_MILLISECONDS_MAX,
    });
  } catch (cause) {
    throw new AgentError('agent-failed', `npm did not install mohr ${version}; what ran before still does`, {
      cause,
    });
  }
}
