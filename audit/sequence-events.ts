import { randomBytes } from 'node:crypto';

import type { TransactionRunner } from '../core/transaction.ts';
import { SALT_OCTETS, commitmentOf, encodeLeaf, leafOf } from './log-leaf.ts';
import type { RecordedEvent } from './log-leaf.ts';
import { growTree } from './merkle/grow-tree.ts';
import { leafHash } from './merkle/tree-hash.ts';
import type { NewLeaf, SequencerStore } from './transparency-store.ts';

export interface Sequencer {
  sequencer: SequencerStore;
  transactions: TransactionRunner;
}

/** Some tenths of a second of work: a transaction that holds nobody up, and that the next leader redoes if this one dies. */
const BATCH_EVENTS_MAX = 4096;

/**
 * Gives the next batch of committed events their leaves, in one transaction: a crash leaves all of them without, and the
 * next call begins anew. Resolves to how many; 0 also while another process is at it.
 */
export function sequenceBatch({ sequencer, transactions }: Sequencer): Promise<number> {
  return transactions.transaction(async (tx) => {
    if (!(await sequencer.tryLead(tx))) return 0;
    const events = await sequencer.unsequenced(tx, BATCH_EVENTS_MAX);
    if (events.length === 0) return 0;
    const size = await sequencer.size(tx);
    const leaves = leavesOf(events);
    const hashes = Buffer.concat(leaves.map((leaf) => leaf.leafHash));
    await sequencer.append(tx, size, leaves, await growTree(sequencer.hashesIn(tx), size, hashes));
    return events.length;
  });
}

/** Sequences until nothing is left. */
export async function sequenceAll(sequencer: Sequencer): Promise<number> {
  for (let sum = 0; ;) {
    const count = await sequenceBatch(sequencer);
    if (count === 0) return sum;
    sum += count;
  }
}

function leavesOf(events: readonly RecordedEvent[]): NewLeaf[] {
  const salts = randomBytes(events.length * SALT_OCTETS);
  return events.map((event, at) => {
    const salt = salts.subarray(at * SALT_OCTETS, (at + 1) * SALT_OCTETS);
    const commitment = commitmentOf(salt, event);
    return { eventId: event.id, salt, commitment, leafHash: leafHash(encodeLeaf(leafOf(event, commitment))) };
  });
}
