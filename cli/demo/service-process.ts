import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { SETTINGS } from '../settings.ts';

/** A `mohr serve` of its own, and what it printed. */
export interface ServiceProcess {
  publicUrl: string;
  /** Login links by the order of the demonstration staff: clerk, second officer, operator, manager, security officer. */
  loginLinks: string[];
  process: ChildProcess;
  stop(): Promise<void>;
}

const READY_LINE = 'mohr is ready';

export interface ServiceProcessOptions {
  /** Default: a free one. */
  port?: number;
  /** PostgreSQL to use; default: the embedded database. */
  databaseUrl?: string;
}

/** Starts the service on a data directory, and resolves when it says that it is ready. Settings of this process are not passed on. */
export async function startService(
  dataDirectory: string,
  options: ServiceProcessOptions = {},
): Promise<ServiceProcess> {
  const chosen = options.port ?? (await freePort());
  const command = fileURLToPath(
    new URL(`../mohr${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
  );
  const args = ['serve', '--port', String(chosen), '--data-dir', dataDirectory];
  const service = spawn(process.execPath, [...process.execArgv, command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // By the environment: other users of the machine can read the arguments.
    env: {
      ...withoutSettings(process.env),
      ...(options.databaseUrl && { DATABASE_URL: options.databaseUrl }),
    },
  });
  const loginLinks = await readBanner(service);
  return {
    publicUrl: `http://127.0.0.1:${chosen}`,
    loginLinks,
    process: service,
    stop: async () => {
      if (service.exitCode !== null || service.signalCode !== null) return;
      service.kill('SIGTERM');
      await once(service, 'exit');
    },
  };
}

/** A demonstration must not meet the deployment whose settings happen to be set here. */
export function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables: readonly string[] = Object.values(SETTINGS).map(({ variable }) => variable);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !variables.includes(name)));
}

async function readBanner(service: ChildProcess): Promise<string[]> {
  const links: string[] = [];
  const printed: string[] = [];
  const lines = createInterface({ input: service.stdout! });
  for await (const line of lines) {
    printed.push(line);
    const link = /(http:\/\/\S+\/sign-in#\S+)/.exec(line)?.[1];
    if (link) links.push(link);
    if (line.includes(READY_LINE)) {
      service.stdout!.resume();
      return links;
    }
  }
  throw new Error(`the service did not start:\n${printed.join('\n')}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
