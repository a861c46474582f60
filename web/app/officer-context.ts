import { createContext, useContext } from 'react';

import type { Session } from '../client/types.ts';

export const OfficerContext = createContext<Session | null>(null);

/** Who is signed in; only within the SessionGate. */
export function useOfficer(): Session {
  const officer = useContext(OfficerContext);
  if (!officer) throw new Error('outside of SessionGate');
  return officer;
}
