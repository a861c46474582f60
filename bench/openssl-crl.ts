import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A million entries take openssl ten seconds on an idle machine. */
const TIME_LIMIT_MILLISECONDS = 300_000;

const CONFIGURATION = `[ca]
default_ca = bench
[bench]
database = index.txt
default_md = sha256
default_crl_days = 1
certificate = ca.pem
private_key = ca.key
crlnumber = crlnumber
[request]
distinguished_name = name
[name]
`;

/** Seconds that one `openssl ca -gencrl` with that many revoked certificates takes; undefined where openssl is missing. */
export async function measureOpensslCrl(entries: number): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-crl-'));
  const openssl = (...args: string[]) =>
    run('openssl', args, { cwd: folder, timeout: TIME_LIMIT_MILLISECONDS });
  try {
    await openssl('version');
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  try {
    await writeFile(join(folder, 'openssl.cnf'), CONFIGURATION);
    await writeFile(join(folder, 'crlnumber'), '01\n');
    await writeFile(join(folder, 'index.txt.attr'), 'unique_subject = no\n');
    await pipeline(Readable.from(indexLines(entries)), createWriteStream(join(folder, 'index.txt')));
    await openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', 'ca.key');
    const self = ['-x509', '-key', 'ca.key', '-subj', '/CN=Bench CA', '-days', '1', '-out', 'ca.pem'];
    await openssl('req', '-config', 'openssl.cnf', '-section', 'request', ...self);
    const start = performance.now();
    await openssl('ca', '-config', 'openssl.cnf', '-gencrl', '-out', 'bench.crl');
    return (performance.now() - start) / 1000;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Lines of the database of `openssl ca`: status, expiry, revocation, serial number, file, subject. */
function* indexLines(entries: number): Generator<string> {
  for (let number = 0; number < entries; number += 1) {
    const serial = `5A${number.toString(16).toUpperCase().padStart(30, '0')}`;
    yield `R\t301231235959Z\t260101000000Z,superseded\t${serial}\tunknown\t/CN=${number}\n`;
  }
}
