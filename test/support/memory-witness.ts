import { generateKeyPairSync, sign } from 'node:crypto';

import type { Checkpoint } from '../../audit/checkpoint.ts';
import { noteKeyOf } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { parseSignatures } from '../../audit/note/signed-note.ts';
import { AuditError } from '../../audit/audit-error.ts';
import { judgeCheckpoint } from '../../audit/witness/judge-checkpoint.ts';
import type { Witness } from '../../audit/witness/witness.ts';
import type { Clock } from '../../core/clock.ts';
import type { Signer } from '../../keys/signer.ts';

export interface MemoryWitness extends Witness {
  last(): Promise<Checkpoint | undefined>;
}

export function ed25519Signer(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    label: 'test',
    algorithm: 'ed25519',
    subjectPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    sign: async (message) => sign(null, message, privateKey),
  };
}

/** A witness in this process, of the logs whose keys it is told when it is asked. */
export function memoryWitness(clock: Clock, logKeys: () => Promise<NoteKey[]>): MemoryWitness {
  const signer = ed25519Signer();
  const key = noteKeyOf(signer, 'witness.test', 'cosignature');
  let known: Checkpoint | undefined;
  const memory = {
    last: async () => known,
    remember: async (checkpoint: Checkpoint) => void (known = checkpoint),
  };
  return {
    key,
    last: memory.last,
    add: async (request) => {
      const house = { key, signer, clock, memory, logs: await logKeys() };
      const verdict = await judgeCheckpoint(house, request);
      if (verdict.outcome === 'cosigned') return { signatures: parseSignatures(verdict.lines) };
      if (verdict.outcome === 'other-size') return { knownSize: verdict.knownSize };
      throw new AuditError(
        verdict.outcome === 'inconsistent' ? 'log-forked' : 'witness-refused',
        verdict.outcome,
      );
    },
  };
}
