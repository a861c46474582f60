import { useMutation, useQuery } from '@tanstack/react-query';

import type { CardAgent, Progress } from './card-agent.ts';
import { CardAgentError } from './card-agent-error.ts';
import type { CardOperations, CardPinState } from './card-agent-operations.ts';
import { cardsChanged } from './cards.ts';
import type { Card } from './cards.ts';
import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Application, ApplicationState, Page } from './types.ts';

export type PersonalisationState =
  'open' | 'pin-set' | 'key-made' | 'written' | 'tested' | 'completed' | 'abandoned';

export type NextStep =
  | 'set-pin'
  | 'make-key'
  | 'submit'
  | 'await-approval'
  | 'activate'
  | 'write'
  | 'test'
  | 'receive'
  | 'roll-back'
  | 'none';

/** Steps that the card takes by the agent. */
export type CardStep = Extract<NextStep, 'set-pin' | 'make-key' | 'write' | 'test' | 'receive'>;

export type CardKeyType = 'rsa-2048' | 'p-256';

export interface Personalisation {
  id: string;
  applicationId: string;
  card: Card;
  keyType: CardKeyType;
  purpose: 'signing' | 'authentication';
  state: PersonalisationState;
  applicationState?: ApplicationState;
  next: NextStep;
  openedAt: string;
  changedAt: string;
}

const PERSONALISATIONS = ['personalisations'] as const;
/** While an officer at another desk decides. */
const WAITING_MILLISECONDS = 5_000;

/** The one of an application or draft that is not given up; null when there is none. */
export function usePersonalisation(applicationId: string) {
  return useQuery({
    queryKey: [...PERSONALISATIONS, 'application', applicationId],
    queryFn: async ({ signal }) => {
      const query = { applicationId };
      const { items } = await request<Page<Personalisation>>('GET', '/personalisations', { signal, query });
      return items[0] ?? null;
    },
    refetchInterval: ({ state }) =>
      state.data?.next === 'await-approval' || state.data?.next === 'activate' ? WAITING_MILLISECONDS : false,
  });
}

export function usePersonalisationsUnderWay() {
  return useQuery({
    queryKey: [...PERSONALISATIONS, 'under-way'],
    queryFn: ({ signal }) => request<Page<Personalisation>>('GET', '/personalisations', { signal }),
  });
}

export function useOpenPersonalisation() {
  return useMutation({
    mutationFn: (input: { applicationId: string; cardSerial: string; keyType: CardKeyType }) =>
      request<Personalisation>('POST', '/personalisations', { body: input }),
    onSuccess: personalisationChanged,
  });
}

/** Takes the next step that the card takes, and reports it; after whatever broke off it goes on. */
export function useCardStep(agent: CardAgent | undefined, onProgress: (progress: Progress) => void) {
  return useMutation({
    mutationFn: ({ personalisation, step }: { personalisation: Personalisation; step: CardStep }) =>
      STEPS[step]({ personalisation, agent: agent!, onProgress }),
    onSettled: personalisationChanged,
  });
}

interface StepDesk {
  personalisation: Personalisation;
  agent: CardAgent;
  onProgress(progress: Progress): void;
}

const STEPS: Record<CardStep, (desk: StepDesk) => Promise<unknown>> = {
  'set-pin': async (desk) => {
    // Set before by the same holder, or just now by an agent whose answer was lost.
    if ((await pinStateOf(desk)) !== 'set') await run(desk, 'set-pin', 'set-pin');
    return report(desk, 'pin');
  },
  'make-key': async (desk) => {
    const { certificationRequest } = await run(desk, 'make-key', 'make-key');
    return report(desk, 'request', { certificationRequest });
  },
  write: async (desk) => {
    const { readBack } = await run(desk, 'write-certificates', 'write-certificates');
    return report(desk, 'written', { readBack });
  },
  test: async (desk) => {
    const { signature } = await run(desk, 'test', 'sign');
    return report(desk, 'tested', { signature });
  },
  receive: async (desk) => {
    const { signature } = await run(desk, 'receipt', 'sign');
    return report(desk, 'receipt', { signature });
  },
};

/** A blank card is no card of a serial until it has its PIN. */
async function pinStateOf(desk: StepDesk): Promise<CardPinState> {
  try {
    return (await run(desk, 'read-card', 'read-card')).pinState;
  } catch (error) {
    if (error instanceof CardAgentError && error.code === 'card-absent') return 'blank';
    throw error;
  }
}

/** Gives it up; what the card has of it is destroyed where the card is at hand. */
export function useAbandon(agent: CardAgent | undefined, onProgress: (progress: Progress) => void) {
  return useMutation({
    mutationFn: async (personalisation: Personalisation) => {
      await request('POST', `/personalisations/${personalisation.id}/abandon`);
      if (agent && personalisation.state !== 'open')
        await run({ personalisation, agent, onProgress }, 'destroy-keys', 'destroy-keys');
    },
    onSettled: personalisationChanged,
  });
}

export function useFileDraft(applicationId: string) {
  return useMutation({
    mutationFn: async () => {
      const { version } = await request<{ version: number }>('GET', `/applications/${applicationId}`);
      const body = { version };
      return request<Application>('POST', `/applications/${applicationId}/submit`, { body });
    },
    onSettled: personalisationChanged,
  });
}

/** The code that the holder says; the certificate is issued. */
export function useActivate(applicationId: string) {
  return useMutation({
    mutationFn: (code: string) =>
      request('POST', `/applications/${applicationId}/activation`, { body: { code } }),
    onSettled: personalisationChanged,
  });
}

async function run<Name extends keyof CardOperations>(
  { personalisation, agent, onProgress }: StepDesk,
  kind: string,
  operation: Name,
): Promise<CardOperations[Name]['result']> {
  const body = { agentId: agent.agentId, operation: kind };
  const path = `/personalisations/${personalisation.id}`;
  const { ticket } = await request<{ ticket: string }>('POST', `${path}/tickets`, { body });
  return agent.run(operation, ticket, { onProgress });
}

function report({ personalisation }: StepDesk, step: string, body?: object): Promise<Personalisation> {
  return request('POST', `/personalisations/${personalisation.id}/${step}`, { body });
}

function personalisationChanged(): void {
  void queryClient.invalidateQueries({ queryKey: PERSONALISATIONS });
  void queryClient.invalidateQueries({ queryKey: ['applications'] });
  cardsChanged();
}
