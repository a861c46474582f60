import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startMohr } from './start-mohr.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** `mohr serve` with the built console, and what its banner says. */
export interface ConsoleService {
  /** On `localhost`: browsers make passkeys for names only (WebAuthn L2 §5.1.2). */
  origin: string;
  /** Secrets of the sign-in links, in the banner's order: clerk, approving officer, operator. */
  loginSecrets: string[];
  /** Of the development registers, which take orders to fail (`PUT /development/faults`). */
  registersUrl: string;
  /** What the service has sent to holders, a line of JSON each. */
  messagesFile: string;
}

export async function startConsoleService(
  t: { teardown(undo: () => void | Promise<void>): void },
  variables: Record<string, string> = {},
): Promise<ConsoleService> {
  const folder = temporaryFolder(t);
  const log = join(folder, 'mohr.log');
  const dataDirectory = join(folder, 'data');
  const url = new URL(await startMohr(t, { log, variables: { MOHR_DATA_DIR: dataDirectory, ...variables } }));
  const banner = readFileSync(log, 'utf8');
  const secrets = banner.matchAll(/sign-in#([\w-]{43})/g);
  return {
    origin: `http://localhost:${url.port}`,
    loginSecrets: Array.from(secrets, ([, secret]) => secret),
    registersUrl: /^ +registers .*(http:\S+)$/m.exec(banner)![1],
    messagesFile: join(dataDirectory, 'messages.ndjson'),
  };
}
