import { useState } from 'react';

import type { CardAgent, Progress } from '../../client/card-agent.ts';
import { useCardAgent, useCardPlace } from '../../client/card-desk.ts';

/** The paired agent of this workstation, and how far it is with what it does. */
export function useAgent() {
  const [progress, onProgress] = useState<Progress>();
  const agent: CardAgent | undefined = useCardAgent(useCardPlace().data).data?.agent;
  return { agent, progress, onProgress };
}
