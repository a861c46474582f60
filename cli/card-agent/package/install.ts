import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { USAGE_EXIT_CODE } from '../../command-line.ts';
import { AgentError } from '../agent-error.ts';
import { readAgentSettings } from '../agent-settings.ts';
import { readReleaseKey } from './release.ts';
import { RELEASE_KEY_FILE } from './update.ts';

const USAGE = 'mohr card-agent install --console <origin> [--release-key <pem>] [flags of the agent]\n';

/**
 * `mohr card-agent install`: pins the release key, and makes the agent a service of this user that starts with the session
 * (systemd); elsewhere it says what to run.
 */
export async function install(args: string[]): Promise<number> {
  const line = readLine(args);
  if (!line) {
    process.stderr.write(USAGE);
    return USAGE_EXIT_CODE;
  }
  const { agentArgs, stateFolder, releaseKeyFile } = line;
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  if (releaseKeyFile !== undefined) await pin(releaseKeyFile, join(stateFolder, RELEASE_KEY_FILE));
  const command = [process.execPath, process.argv[1], 'card-agent', ...agentArgs];
  if (process.platform !== 'linux') {
    process.stdout.write(`Start it with the session:\n${command.map(quoted).join(' ')}\n`);
    return 0;
  }
  const file = join(homedir(), '.config', 'systemd', 'user', 'mohr-card-agent.service');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, unitOf(command));
  process.stdout.write(`${file}\n`);
  await startUnit();
  return 0;
}

function readLine(args: string[]) {
  try {
    const options = { 'release-key': { type: 'string' } } as const;
    const { values, tokens } = parseArgs({
      args,
      options,
      strict: false,
      allowPositionals: true,
      tokens: true,
    });
    const own = tokens.flatMap((token) =>
      token.kind === 'option' && token.name === 'release-key'
        ? [token.index, ...(token.inlineValue ? [] : [token.index + 1])]
        : [],
    );
    const agentArgs = args.filter((_, index) => !own.includes(index));
    const outcome = readAgentSettings(agentArgs, process.env);
    if (outcome.faults) return undefined;
    const releaseKeyFile = values['release-key'];
    return {
      agentArgs,
      stateFolder: outcome.settings.stateFolder,
      ...(typeof releaseKeyFile === 'string' && { releaseKeyFile }),
    };
  } catch {
    return undefined;
  }
}

/** Pinned once: whoever may change it may install anything. */
async function pin(file: string, pinned: string): Promise<void> {
  const pem = await readFile(file, 'utf8');
  readReleaseKey(pem);
  const known = await readFile(pinned, 'utf8').catch(() => undefined);
  if (known === pem) return;
  if (known !== undefined)
    throw new AgentError(
      'update-unsigned',
      `another release key is pinned; delete ${pinned} to trust this one`,
    );
  await writeFile(pinned, pem, { mode: 0o600 });
}

function unitOf(command: readonly string[]): string {
  return `[Unit]
Description=Mohr card agent

[Service]
ExecStart=${command.map(quoted).join(' ')}
Restart=on-failure
RestartSec=1
NoNewPrivileges=yes

[Install]
WantedBy=default.target
`;
}

/** systemd.service(5), and shells that it may be pasted into: no word here has a quote or a backslash of its own on Linux. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word.replaceAll('%', '%%') : `"${word.replace(/["\\]/g, '\\$&')}"`;
}

async function startUnit(): Promise<void> {
  const systemctl = (...args: string[]) => promisify(execFile)('systemctl', ['--user', ...args]);
  try {
    await systemctl('daemon-reload');
    await systemctl('enable', '--now', 'mohr-card-agent.service');
  } catch {
    process.stdout.write('systemd does not run for this user; start it: mohr card-agent …\n');
  }
}
