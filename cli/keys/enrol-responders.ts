import { requiredProfile } from '../../ca/load-profiles.ts';
import { systemClock } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { checkKeyWith } from '../check-key.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { loadDeploymentProfiles } from '../deployment-profiles.ts';
import { withStores } from '../open-database.ts';
import { readInputFile } from '../read-input-file.ts';
import { NODE_NAME } from '../roles.ts';
import type { Stores } from '../stores.ts';
import { readResponderRequests, sha256Line } from './responder-requests.ts';
import type { ResponderRequests } from './responder-requests.ts';

const FORM = { usage: 'keys enrol-responders <file> [flags]', operands: 1 };
const ACTOR = { kind: 'operator', id: 'mohr-keys' } as const;

/**
 * `mohr keys enrol-responders`, where the CAs are: lets them certify a node's keys, one after the other, for OCSP and nothing
 * else. The running service does so within seconds. Resolves to the exit code.
 */
export async function enrolResponders(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const text = (await readInputFile(line.operands[0])).toString('utf8');
  const file = readResponderRequests(text);
  const profiles = await loadDeploymentProfiles(line.settings.dataDirectory);
  const { keyTypes } = requiredProfile(profiles, 'ocsp-responder');
  const enrolled = await withStores(line.settings, async (stores) => {
    const checkKey = checkKeyWith(stores.blockedKeys);
    for (const { request } of file.requests) await checkKey(request.subjectPublicKeyInfo, keyTypes);
    return enrol(stores, file, systemClock);
  });
  output.write(
    `${enrolled} of ${file.requests.length} keys of ${file.nodeName} are new\n${sha256Line(text)}`,
  );
  return 0;
}

/** All of the file or nothing, with its event; throws DomainError `authority-unknown` or `node-name-malformed`. */
async function enrol(
  stores: Stores,
  { nodeName, requests }: ResponderRequests,
  clock: Clock,
): Promise<number> {
  if (!NODE_NAME.test(nodeName))
    throw new DomainError('node-name-malformed', `"${nodeName.slice(0, 60)}" is not the name of a node`);
  return stores.database.transaction(async (tx) => {
    const records = await stores.authorities.listAuthorities(tx);
    const enrolledAt = clock.now();
    let enrolled = 0;
    for (const { authorityId, keyReference, request } of requests) {
      if (!records.some(({ id, keyReference: online }) => id === authorityId && online !== undefined))
        throw new DomainError('authority-unknown', `no CA ${authorityId.slice(0, 60)} issues here`);
      const { bytes: certificationRequest, subjectPublicKeyInfo } = request;
      const spkiSha256 = digest('sha256', subjectPublicKeyInfo);
      const one = { authorityId, nodeName, keyReference, spkiSha256, certificationRequest, enrolledAt };
      if (await stores.responderRequests.enrol(tx, one)) enrolled += 1;
    }
    await stores.audit.record(tx, {
      at: enrolledAt,
      actor: ACTOR,
      action: 'enrol-responders',
      outcome: 'accepted',
      subject: `node:${nodeName}`,
      details: { keys: enrolled },
    });
    return enrolled;
  });
}
