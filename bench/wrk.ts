import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Requests that wrk sends in turns, and what each answer must hold. */
export interface WrkTarget {
  url: string;
  method: 'GET' | 'POST';
  /** Bodies of a POST, or addresses of a GET. */
  requests: readonly (Buffer | string)[];
  check: WrkCheck;
}

export interface WrkCheck {
  /** Bounds of the body's length. */
  octets: [min: number, max: number];
  /** Octets that stand in every body, hexadecimal; e.g. the nonce. */
  holds?: readonly string[];
  /** Where in the body which serial number stands (counted from 0): one of those that were asked for. */
  serial?: { at: number; octets: number; known: readonly Buffer[] };
}

export interface WrkResult {
  requestsPerSecond: number;
  requests: number;
  p99Milliseconds: number;
}

export interface WrkOptions {
  folder: string;
  connections: number;
  seconds: number;
  /** Core that wrk is held to; absent: any. */
  core?: string | undefined;
}

export async function wrkVersion(): Promise<string | undefined> {
  // It prints its version along with its usage, and exits with 1.
  return run('wrk', ['-v']).then(
    ({ stdout }) => versionIn(stdout),
    ({ stdout }: { stdout?: string }) => versionIn(stdout ?? ''),
  );
}

function versionIn(text: string): string | undefined {
  return /^wrk (\S+)/.exec(text)?.[1];
}

/** Loads a server and checks every body; throws when one answer is not as it has to be, or a connection failed. */
export async function runWrk(target: WrkTarget, options: WrkOptions): Promise<WrkResult> {
  const { folder, connections, seconds, core } = options;
  const script = join(folder, 'load.lua');
  await writeFile(script, luaOf(target));
  const wrk = [
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    target.url,
  ];
  const command = core === undefined ? wrk : ['taskset', '-c', core, ...wrk];
  const { stdout } = await run(command[0], command.slice(1));
  const line = /^RESULT (.*)$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk said nothing: ${stdout}`);
  const [requests, microseconds, p99, good, bad, errors] = line.split(' ').map(Number);
  if (bad > 0 || errors > 0 || good < requests)
    throw new Error(
      `${target.url}: ${good} of ${requests} answers are right, ${bad} wrong, ${errors} errors`,
    );
  return { requestsPerSecond: (requests * 1e6) / microseconds, requests, p99Milliseconds: p99 / 1000 };
}

/** Answers that come after the last look at the clock are checked, but not counted: so `good` may be more. */
function luaOf({ method, requests, check }: WrkTarget): string {
  const texts = requests.map((one) => (typeof one === 'string' ? `"${one}"` : hex(one)));
  return `
local function bytes(text) return (text:gsub('..', function(two) return string.char(tonumber(two, 16)) end)) end
local requests, known, holds = {}, {}, {}
local at = 0
good, bad = 0, 0
for _, text in ipairs({${texts.join(',')}}) do
  requests[#requests + 1] = ${method === 'POST' ? `{ nil, bytes(text) }` : `{ text, nil }`}
end
for _, text in ipairs({${(check.serial?.known ?? []).map(hex).join(',')}}) do known[bytes(text)] = true end
for _, text in ipairs({${(check.holds ?? []).map((one) => `"${one}"`).join(',')}}) do holds[#holds + 1] = bytes(text) end
local formatted = {}
function init()
  local headers = ${method === 'POST' ? `{ ["Content-Type"] = "application/ocsp-request" }` : '{}'}
  for i, one in ipairs(requests) do formatted[i] = wrk.format("${method}", one[1], headers, one[2]) end
end
function request()
  at = at % #formatted + 1
  return formatted[at]
end
local function isRight(status, body)
  if status ~= 200 or #body < ${check.octets[0]} or #body > ${check.octets[1]} then return false end
  ${
    check.serial
      ? `if not known[body:sub(${check.serial.at + 1}, ${check.serial.at + check.serial.octets})] then return false end`
      : ''
  }
  for i = 1, #holds do
    if not body:find(holds[i], 1, true) then return false end
  end
  return true
end
function response(status, headers, body)
  if isRight(status, body) then good = good + 1 else bad = bad + 1 end
end
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function done(summary, latency)
  local right, wrong = 0, 0
  for _, thread in ipairs(threads) do right = right + thread:get("good"); wrong = wrong + thread:get("bad") end
  local e = summary.errors
  print(string.format("RESULT %d %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(99), right, wrong,
    e.connect + e.read + e.write + e.timeout))
end
`;
}

function hex(octets: Buffer): string {
  return `"${octets.toString('hex')}"`;
}
