import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import type { Certificate } from '../pki/certificate.ts';
import { encodePem } from '../pki/pem.ts';
import { freePort } from './free-port.ts';
import type { OcspProcessReady } from './ocsp-process-protocol.ts';
import { post, probe } from './ocsp-questions.ts';
import type { Probe, Questions } from './ocsp-questions.ts';
import { cpuMicrosecondsOf } from './pinned-process.ts';
import { runWrk } from './wrk.ts';
import type { WrkOptions, WrkTarget } from './wrk.ts';

export interface PeerAnswers {
  answersPerSecond: number;
  /** Processor time of the peer for one answer. */
  cpuMicroseconds: number;
}

/** How many answers came, and how many a second. */
type Load = (
  target: WrkTarget,
  options: WrkOptions,
) => Promise<{ requests: number; requestsPerSecond: number }>;

/** Another responder, asked about the first certificate. */
export interface OcspPeer {
  /** Right answers a second. */
  ask(options: WrkOptions): Promise<PeerAnswers>;
  stop(): Promise<void>;
}

export interface PeerStart {
  folder: string;
  /** Absent: any. */
  core: string | undefined;
  ready: OcspProcessReady;
  issuer: Certificate;
  questions: Questions;
  plain: Probe;
}

const READY_ATTEMPTS = 100;
const READY_INTERVAL_MS = 50;

/** `cfssl ocspserve` with our own signed answer: it signs none itself. Undefined where it is not installed (golang-cfssl). */
export async function openCfsslResponder(start: PeerStart): Promise<OcspPeer | undefined> {
  if (spawnSync('cfssl', ['version'], { stdio: 'ignore' }).error) return undefined;
  const file = join(start.folder, 'responses');
  await writeFile(file, `${start.plain.body.toString('base64')}\n`);
  const port = await freePort();
  const flags = ['-address', '127.0.0.1', '-port', String(port), '-responses', file, '-loglevel', '5'];
  return openPeer(start, port, ['cfssl', 'ocspserve', ...flags], runWrk);
}

/** `openssl ocsp` with the same responder key; it signs each answer. Undefined where it is not installed. */
export async function openOpensslResponder(start: PeerStart): Promise<OcspPeer | undefined> {
  if (spawnSync('openssl', ['version'], { stdio: 'ignore' }).error) return undefined;
  const { folder, ready, issuer, questions } = start;
  const path = (name: string) => join(folder, name);
  await writeFile(path('ca.pem'), encodePem('CERTIFICATE', issuer.bytes));
  await writeFile(path('responder.pem'), encodePem('CERTIFICATE', Buffer.from(ready.responder, 'base64')));
  await writeFile(path('responder.key'), ready.responderKey, { mode: 0o600 });
  const serial = questions.serials[0].toString('hex').toUpperCase();
  await writeFile(path('index.txt'), `V\t351231235959Z\t\t${serial}\tunknown\t/CN=bench\n`);
  const port = await freePort();
  const keys = ['-CA', path('ca.pem'), '-rsigner', path('responder.pem'), '-rkey', path('responder.key')];
  const flags = ['-port', String(port), '-index', path('index.txt'), '-nmin', '10', ...keys];
  return openPeer(start, port, ['openssl', 'ocsp', ...flags], askOneByOne);
}

/** It serves one connection at a time, one request each, and stops at the one that wrk opens to see whether somebody is there. */
async function askOneByOne({ url, requests: [request], check }: WrkTarget, { seconds }: WrkOptions) {
  const start = performance.now();
  let answers = 0;
  for (; performance.now() - start < seconds * 1000; answers += 1) {
    const body = await post(url, request as Buffer);
    const { at, known } = check.serial!;
    if (body.indexOf(known[0]) !== at) throw new Error(`${url} gave a wrong answer`);
  }
  return { requests: answers, requestsPerSecond: (answers * 1000) / (performance.now() - start) };
}

async function openPeer(start: PeerStart, port: number, command: string[], load: Load): Promise<OcspPeer> {
  const { core, issuer, questions } = start;
  const line = core === undefined ? command : ['taskset', '-c', core, ...command];
  const server = spawn(line[0], line.slice(1), { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/`;
  const serials = [questions.serials[0]];
  try {
    const { check } = await untilReady(() => probe(url, questions.plain[0], issuer, { serials }));
    const target: WrkTarget = { url, method: 'POST', requests: [questions.plain[0]], check };
    const ask = async (options: WrkOptions): Promise<PeerAnswers> => {
      const before = cpuMicrosecondsOf(server.pid);
      const { requests, requestsPerSecond } = await load(target, options);
      const cpuMicroseconds = (cpuMicrosecondsOf(server.pid) - before) / requests;
      return { answersPerSecond: requestsPerSecond, cpuMicroseconds };
    };
    return { ask, stop: () => stop(server) };
  } catch (error) {
    await stop(server);
    throw error;
  }
}

async function untilReady<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = READY_ATTEMPTS; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await delay(READY_INTERVAL_MS);
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill();
  await ended;
}
