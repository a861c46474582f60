import { useMutation, useQuery } from '@tanstack/react-query';

import { offerPairing, pairedAgent } from './card-agent.ts';
import type { AgentPlace, CardAgent } from './card-agent.ts';
import { CardAgentError } from './card-agent-error.ts';
import type { CardReader } from './card-agent-operations.ts';
import { indexedPairings } from './pairing-store.ts';
import { queryClient } from './queries.ts';
import { request } from './request.ts';

/** Where the agent of this workstation listens, the key that signs its tickets, and which profiles lie on cards. */
export interface CardPlace {
  url: string;
  ticketKey: JsonWebKey;
  profiles: string[];
}

const AGENT = ['card-agent'] as const;
const pairings = indexedPairings();

export function useCardPlace() {
  return useQuery({
    queryKey: [...AGENT, 'place'],
    queryFn: ({ signal }) => request<CardPlace>('GET', '/card-agent', { signal }),
    staleTime: Infinity,
  });
}

/** How this browser stands with the agent; `agent`: paired, and it answers. */
export interface AgentStanding {
  agent?: CardAgent;
  /** Name and version, as the agent says them. */
  name?: string;
}

/** Asked again while it does not answer: whoever starts it sees that it is there. */
const AWAY_MILLISECONDS = 3_000;

export function useCardAgent(place: CardPlace | undefined) {
  return useQuery({
    queryKey: [...AGENT, 'standing', place?.url],
    queryFn: ({ signal }) => standingOf(placeOf(place!), signal),
    enabled: place !== undefined,
    retry: false,
    refetchInterval: ({ state }) => (state.error ? AWAY_MILLISECONDS : false),
  });
}

async function standingOf(place: AgentPlace, signal: AbortSignal): Promise<AgentStanding> {
  const agent = await pairedAgent(place);
  if (!agent) return {};
  try {
    const { name, version } = await agent.describe(signal);
    return { agent, name: `${name} ${version}` };
  } catch (error) {
    // It has forgotten this browser: it is paired anew.
    if (error instanceof CardAgentError && error.code === 'agent-unpaired') return {};
    throw error;
  }
}

export function usePairAgent(place: CardPlace | undefined, onOffer: (offer: PairingOfferView) => void) {
  return useMutation({
    mutationFn: async () => {
      const offer = await offerPairing(placeOf(place!), place!.ticketKey);
      onOffer({ code: offer.code, promptUrl: offer.promptUrl });
      await offer.confirmed();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: [...AGENT, 'standing'] }),
  });
}

/** What both sides show while a pairing waits. */
export interface PairingOfferView {
  code: string;
  promptUrl: string;
}

/** Readers and the cards in them, read when it is asked. */
export function useReaders(agent: CardAgent | undefined) {
  return useMutation({
    mutationFn: async (): Promise<CardReader[]> => {
      const body = { agentId: agent!.agentId };
      const { ticket } = await request<{ ticket: string }>('POST', '/card-agent/tickets', { body });
      return (await agent!.run('list-readers', ticket)).readers;
    },
  });
}

function placeOf({ url }: CardPlace): AgentPlace {
  return { url, pairings };
}
