import { QueryClient } from '@tanstack/react-query';

import { ConnectionError } from './problem.ts';

/** Answers of the service, kept for the page; a lost connection is tried again, a refusal is not. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The service says what is reachable, not the network card.
      networkMode: 'always',
      staleTime: 5_000,
      retry: (failures, error) => error instanceof ConnectionError && failures < 3,
      refetchOnWindowFocus: true,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
