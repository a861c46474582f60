import { execFileSync } from 'node:child_process';

/** Runs the openssl command; throws when it exits with an error, with what it said in the message. */
export function runOpenssl(args: readonly string[], options: { cwd: string; input?: Uint8Array }): Buffer {
  return execFileSync('openssl', args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], timeout: 120_000 });
}
