// The thread that encodes CRL entries and keeps them. It sees serial numbers, times and reasons, and no key.
import { parentPort } from 'node:worker_threads';

import { PackedRevocationCursor } from '../../pki/crl-packed-revocations.ts';
import { CrlEntryList } from './crl-entry-list.ts';
import type { CrlEntriesReply, CrlEntriesRequest } from './crl-entries-protocol.ts';

const lists = new Map<string, CrlEntryList>();

parentPort!.on('message', (request: CrlEntriesRequest) => {
  parentPort!.postMessage(answer(request));
});

function answer(request: CrlEntriesRequest): CrlEntriesReply {
  try {
    return { id: request.id, parts: perform(request) };
  } catch (error) {
    return { id: request.id, failure: error instanceof Error ? error.message : String(error) };
  }
}

function perform(request: CrlEntriesRequest): Uint8Array[] {
  if (request.kind === 'open') {
    lists.set(request.authorityId, new CrlEntryList(request.shards));
    return [];
  }
  const list = lists.get(request.authorityId);
  if (!list) throw new Error(`no entries of ${request.authorityId} here`);
  if (request.kind === 'parts') return list.parts(request.shard);
  for (const serialNumber of request.remove) list.remove(serialNumber);
  for (const entry = new PackedRevocationCursor(request.put); entry.next();) list.put(entry);
  return [];
}
