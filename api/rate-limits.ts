import type { FastifyRequest } from 'fastify';

import { callerNetwork } from './caller-network.ts';

/** Callers that are remembered at once; whoever is forgotten starts anew. */
const CALLERS_MAX = 50_000;

/** What each route's limit has in common: callers are counted by their network, in this process. */
export const RATE_LIMITS = {
  global: false,
  cache: CALLERS_MAX,
  keyGenerator: ({ ip }: FastifyRequest) => callerNetwork(ip),
};

/** Checks of signatures and statuses that anybody may ask for: each costs some milliseconds. Partners send batches. */
export const CHECK_RATE = { max: 1_200, timeWindow: '1 minute' };
