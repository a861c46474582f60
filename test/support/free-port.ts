import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to connections (Linux: from 32768), above those that browsers refuse to ask. */
const FIRST_PORT = 11_000;
const PORTS = 21_000;
/** More than a process asks for. */
const PORTS_OF_A_PROCESS = 50;

let asked = 0;

/**
 * A port of this machine that nobody listens on. Programs listen on it later, and once more after they were killed: no connection
 * of a file that runs beside is given it meanwhile, and each process looks in a place of its own.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + ((process.pid * PORTS_OF_A_PROCESS + asked) % PORTS);
    asked += 1;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
