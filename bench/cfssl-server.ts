import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import autocannon from 'autocannon';

import { processorMicroseconds } from './processor-time.ts';
import { benchRequestPem } from './write-bench-roster.ts';

/** `cfssl serve` with a P-256 CA and a profile of the same lifetime and addresses as ours. */
export interface CfsslServer {
  /**
   * Certificates a second that it signs for as many clients as keep it busy, and microseconds of processor time that it takes for
   * each; each request has a key of its own.
   */
  sign(seconds: number): Promise<{ rate: number; processor: number }>;
  stop(): Promise<void>;
}

const CONNECTIONS = 16;
const REQUESTS = 500;
const READY_ATTEMPTS = 100;
const READY_INTERVAL_MS = 50;

const CA = { CN: 'Bench CA', key: { algo: 'ecdsa', size: 256 }, names: [{ C: 'IR', O: 'Bench' }] };
const CONFIG = {
  signing: {
    default: {
      usages: ['signing'],
      expiry: '8760h',
      crl_url: 'http://mohr.test/crl/bronze/3.crl',
      ocsp_url: 'http://mohr.test/ocsp/bronze',
      issuer_urls: ['http://mohr.test/ca/bronze.cer'],
    },
  },
};

/** Starts it, on one core where one is named; undefined where cfssl (Debian's golang-cfssl) is not installed. */
export async function openCfssl(folder: string, core: string | undefined): Promise<CfsslServer | undefined> {
  const made = makeCa(folder);
  if (!made) return undefined;
  const { cert, key } = made;
  await writeFile(join(folder, 'ca.pem'), cert);
  await writeFile(join(folder, 'ca-key.pem'), key, { mode: 0o600 });
  await writeFile(join(folder, 'config.json'), JSON.stringify(CONFIG));
  const port = await freePort();
  const files = ['-ca', 'ca.pem', '-ca-key', 'ca-key.pem', '-config', 'config.json', '-loglevel', '5'];
  const command = ['cfssl', 'serve', '-address', '127.0.0.1', '-port', String(port), ...files];
  // From its start: Go takes as many threads as it finds cores then.
  const [program, ...args] = core === undefined ? command : ['taskset', '-c', core, ...command];
  const server = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/api/v1/cfssl/sign`;
  const bodies: string[] = [];
  for (let made = 0; made < REQUESTS; made += 1) bodies.push(bodyOf(await benchRequestPem()));
  await untilReady(url, bodies[0]);
  return {
    sign: async (seconds) => {
      const before = processorMicroseconds(server.pid!);
      const requests = bodies.map((body) => ({ method: 'POST' as const, body }));
      const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests });
      if (result.non2xx > 0 || result.errors > 0) throw new Error('cfssl refused a request');
      const processor = (processorMicroseconds(server.pid!) - before) / result['2xx'];
      return { rate: result['2xx'] / result.duration, processor };
    },
    stop: async () => {
      const ended = once(server, 'exit');
      if (server.exitCode === null && server.kill()) await ended;
    },
  };
}

function makeCa(folder: string): { cert: string; key: string } | undefined {
  try {
    const input = JSON.stringify(CA);
    const options = { cwd: folder, input, stdio: ['pipe', 'pipe', 'ignore'] as ('pipe' | 'ignore')[] };
    const text = execFileSync('cfssl', ['genkey', '-initca', '-'], { ...options, encoding: 'utf8' });
    return JSON.parse(text) as { cert: string; key: string };
  } catch {
    return undefined;
  }
}

function bodyOf(certificateRequest: string): string {
  const subject = { CN: 'Shirin Azmayeshi [Mobile Sign]', names: [{ C: 'IR', O: 'Unaffiliated' }] };
  return JSON.stringify({ certificate_request: certificateRequest, hosts: [''], subject });
}

async function untilReady(url: string, body: string): Promise<void> {
  for (let attempt = 0; attempt < READY_ATTEMPTS; attempt += 1) {
    const answer = await fetch(url, { method: 'POST', body }).catch(() => undefined);
    if (answer) {
      const { success } = (await answer.json()) as { success: boolean };
      if (success) return;
      throw new Error('cfssl does not sign the request of the benchmark');
    }
    await delay(READY_INTERVAL_MS);
  }
  throw new Error('cfssl did not start');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
