import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { parseNoteKey } from '../../audit/note/note-key.ts';
import { verifyEventProof } from '../../audit/prove-event.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { HttpClient } from './http-client.ts';
import type { Narrator } from './narrator.ts';
import { withoutSettings } from './service-process.ts';

/** A checkpoint is signed every five seconds. */
const ATTEMPTS_MAX = 120;
const ATTEMPT_MILLISECONDS = 500;

/** Fetches the proof that the certificate's issuance is in the log, as soon as that is signed. */
export async function fetchProof(
  client: HttpClient,
  authorityId: string,
  { serialNumber }: Certificate,
): Promise<string | undefined> {
  const asked = `authorityId=${authorityId}&serialNumber=${serialNumber.toString('hex')}`;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const { status, body } = await client.json('GET', `/api/v1/log/inclusion-proof?${asked}`);
    if (status === 200) return body.tlogProof;
    await delay(ATTEMPT_MILLISECONDS);
  }
  return undefined;
}

/** What an auditor does with a service that is stopped: the proof against the log's key, and every record of the database. */
export async function auditDeployment(
  narrator: Narrator,
  { proof, certificate, dataDirectory }: { proof: string; certificate: Certificate; dataDirectory: string },
): Promise<void> {
  narrator.step('An auditor holds the proof of the issuance against the key of the transparency log.');
  const keys = await run(['audit', 'keys', 'list', '--data-dir', dataDirectory]);
  const [noteKey] = keys.output.split('\n');
  const { leaf } = verifyEventProof(proof, [parseNoteKey(noteKey)]);
  narrator.expect('event', leaf.action, 'issue-certificate');
  narrator.expect(
    'of the certificate',
    leaf.details['sha256'],
    digest('sha256', certificate.bytes).toString('hex'),
  );
  narrator.step('`mohr fsck` reads every record and every leaf of the log again.');
  const found = await run(['fsck', '--data-dir', dataDirectory, '--log-key', noteKey]);
  narrator.expect('findings', [found.code, found.output], [0, '']);
}

async function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const command = fileURLToPath(
    new URL(`../mohr${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
  );
  const env = withoutSettings(process.env);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, command, ...args], {
      env,
    });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code?: number; stdout?: string };
    return { code: code ?? -1, output: stdout ?? String(error) };
  }
}
