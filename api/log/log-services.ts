import type { EventArchive, TransparencyStore } from '../../audit/transparency-store.ts';

/** The transparency log as the routes know it. */
export interface LogServices {
  transparency: TransparencyStore & EventArchive;
}

/** Of one address: a proof costs some dozen reads. */
export const PROOF_RATE = { max: 300, timeWindow: '1 minute' };
