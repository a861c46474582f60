import { setTimeout as delay } from 'node:timers/promises';

import type { Answer, HttpClient } from '../../cli/demo/http-client.ts';
import type { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { applicationBody } from './applications.ts';

/** What was asked of a service for one doctor, and what the service said that it had done. */
export interface Case {
  /** Absent until filing was acknowledged. */
  id?: string;
  approval: 'not asked' | 'asked' | 'acknowledged';
  certificate?: Certificate;
  changes: { event: string; changeNumber?: number }[];
}

export interface Officers {
  clerk: HttpClient;
  approver: HttpClient;
  /** Of the approver. */
  passkey: SoftwareAuthenticator;
  operator: HttpClient;
}

/** Between a case that a fault ended and the next. */
const PAUSE_MILLISECONDS = 50;

const CHANGES = [
  { verb: 'hold', event: 'held' },
  { verb: 'release', event: 'released' },
  { verb: 'hold', event: 'held' },
  { verb: 'revoke', event: 'revoked', body: { reason: 'keyCompromise' } },
];

/** Files, approves, holds, releases and revokes, one doctor after the other, until the service does not answer any more. */
export async function workUntilItDies(
  officers: Officers,
  cases: Case[],
  onApproval: () => void = () => undefined,
): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const one: Case = { approval: 'not asked', changes: [] };
    cases.push(one);
    try {
      await serveOne(officers, one, turn % (CHANGES.length + 1), onApproval);
    } catch (error) {
      // What fetch says of a connection that broke or was refused.
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

/** What lanes of officers met while a deployment had its faults. */
export interface Tally {
  acknowledged: number;
  /** Cases that an answer ended of which only a fault of the deployment can be the reason. */
  interrupted: number;
}

/** The same behind a load balancer: a case that a fault ends is left as it is, and the next one begun, until `isOver`. */
export async function workThroughFaults(
  officers: Officers,
  cases: Case[],
  tally: Tally,
  isOver: () => boolean,
): Promise<void> {
  for (let turn = 0; !isOver(); turn += 1) {
    const one: Case = { approval: 'not asked', changes: [] };
    cases.push(one);
    try {
      await serveOne(officers, one, turn % (CHANGES.length + 1));
      tally.acknowledged += 1;
    } catch (error) {
      if (!isOfDeployment(error)) throw error;
      tally.interrupted += 1;
      await delay(PAUSE_MILLISECONDS);
    }
  }
}

/** The balancer speaks no JSON of its own, and says 502 to 504; so does a node whose database is away. */
function isOfDeployment(error: unknown): boolean {
  return (
    error instanceof SyntaxError ||
    error instanceof TypeError ||
    /^50[234] /.test(String((error as Error).message))
  );
}

/** A request that was sent is noted before, what was acknowledged after. */
async function serveOne(
  { clerk, approver, passkey, operator }: Officers,
  one: Case,
  changes: number,
  onApproval: () => void = () => undefined,
): Promise<void> {
  const filed = expect(201, await clerk.json('POST', '/api/v1/applications', await applicationBody()));
  one.id = filed.id;
  one.approval = 'asked';
  const application = `/api/v1/applications/${filed.id}`;
  const { options } = expect(200, await approver.json('GET', `${application}/approval`));
  const assertion = passkey.get(options);
  const approval = approver.json('POST', `${application}/approve`, { version: 1, assertion });
  onApproval();
  expect(200, await approval);
  one.approval = 'acknowledged';
  const { items } = expect(200, await clerk.json('GET', `/api/v1/certificates?applicationId=${filed.id}`));
  one.certificate = parseCertificate(decodePem(items[0].certificate, ['CERTIFICATE'])[0].bytes);
  const path = pathOf(one.certificate);
  for (const { verb, event, body } of CHANGES.slice(0, changes)) {
    const change: Case['changes'][number] = { event };
    one.changes.push(change);
    const changed = expect(200, await operator.json('POST', `${path}/${verb}`, body));
    change.changeNumber = (changed as unknown as { changeNumber: number }).changeNumber;
  }
}

export function pathOf(certificate: Certificate): string {
  return `/api/v1/certificates/bronze/${certificate.serialNumber.toString('hex')}`;
}

function expect(status: number, answer: { status: number; body: Answer }): Answer {
  if (answer.status === status) return answer.body;
  throw new Error(`${answer.status} ${JSON.stringify(answer.body)}, expected ${status}`);
}
