import type { AuditActor } from '../../audit/audit-event.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import type { AuthorityRecord, ResponderRecord } from '../authority/authority-store.ts';
import type {
  NodeResponder,
  ResponderRequest,
  ResponderRequestStore,
} from '../authority/responder-request-store.ts';
import { isResponderDue } from './ensure-responder.ts';
import type { ResponderHouse } from './ensure-responder.ts';

export interface NodeResponderHouse extends ResponderHouse {
  responderRequests: ResponderRequestStore;
}

export interface NodeResponders {
  /** What was issued. */
  ofNodes: ResponderRecord[];
  /** Those of them whose node has enrolled no further key for the authority. */
  lastOf: ResponderRecord[];
}

/**
 * Certifies the next enrolled key of each node and key type whose newest responder certificate expires soon, or that has none
 * of which the key is not blocked. Rejects
 * when one cannot be issued, after it has tried all. A crash between issuing and recording leaves a certificate that nobody
 * uses; the next call takes the next key.
 */
export async function ensureNodeResponders(
  house: NodeResponderHouse,
  authorityIds: readonly string[],
  actor: AuditActor,
): Promise<NodeResponders> {
  const now = house.clock.now();
  const { waiting, known, records } = await house.transactions.transaction(async (tx) => ({
    waiting: await house.responderRequests.waiting(tx),
    known: await house.responderRequests.listNodeResponders(tx, now),
    records: await house.authorities.listAuthorities(tx),
  }));
  const keyTypeOf = (one: KeyOfNode) => house.keyTypeOf(subjectPublicKeyInfoOf(one));
  const isSameUse = (a: KeyOfNode, b: KeyOfNode) =>
    a.nodeName === b.nodeName && a.authorityId === b.authorityId && keyTypeOf(a) === keyTypeOf(b);
  const outcome: NodeResponders = { ofNodes: [], lastOf: [] };
  const failures: unknown[] = [];
  for (const [next, ...further] of groupsOf(waiting, isSameUse)) {
    const authority = records.find(({ id }) => id === next.authorityId);
    const newest = known.find((responder) => isSameUse(responder, next));
    if (!authority || !authorityIds.includes(authority.id) || !isResponderDue(authority, newest, now))
      continue;
    await certify(house, authority, next, actor).then(
      (record) => {
        outcome.ofNodes.push(record);
        if (further.length === 0) outcome.lastOf.push(record);
      },
      (failure) => failures.push(failure),
    );
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} responders not certified`);
  return outcome;
}

type KeyOfNode = ResponderRequest | NodeResponder;

function subjectPublicKeyInfoOf(one: KeyOfNode): Buffer {
  const isRequest = 'certificationRequest' in one;
  return isRequest
    ? parseCertificationRequest(one.certificationRequest).subjectPublicKeyInfo
    : parseCertificate(one.certificate).subjectPublicKeyInfo;
}

/** Requests of one node for one authority and key type belong together; they stay in the order of their enrolment. */
function groupsOf(
  requests: readonly ResponderRequest[],
  isSameUse: (a: ResponderRequest, b: ResponderRequest) => boolean,
): ResponderRequest[][] {
  const groups: ResponderRequest[][] = [];
  for (const request of requests) {
    const group = groups.find(([first]) => isSameUse(first, request));
    if (group) group.push(request);
    else groups.push([request]);
  }
  return groups;
}

/** Of the request only the key counts; the name is ours. */
async function certify(
  house: NodeResponderHouse,
  authority: AuthorityRecord,
  { nodeName, keyReference, certificationRequest }: ResponderRequest,
  actor: AuditActor,
): Promise<ResponderRecord> {
  const { organization } = authority.names ?? house.names;
  const token = await house.issuer.prepare({
    authorityId: authority.id,
    profileId: 'ocsp-responder',
    origin: `responder:${authority.id}@${nodeName}`,
    subjectPublicKeyInfo: parseCertificationRequest(certificationRequest).subjectPublicKeyInfo,
    subject: { organization, serviceName: `OCSP Responder ${authority.id} ${nodeName}` },
    authorization: { kind: 'service-exemption' },
  });
  const certificate = await house.issuer.issue(token, actor);
  const record: ResponderRecord = {
    authorityId: authority.id,
    certificate: certificate.bytes,
    keyReference,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    nodeName,
  };
  await house.transactions.transaction((tx) => house.authorities.insertResponder(tx, record));
  return record;
}
