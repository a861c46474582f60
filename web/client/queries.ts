import { MutationCache, QueryClient } from '@tanstack/react-query';

import { noteOvertaken } from './overtaken.ts';
import { ConnectionError, ProblemError } from './problem.ts';

/** Answers of the service, kept for the page; a lost connection is tried again, a refusal is not. */
export const queryClient = new QueryClient({
  mutationCache: new MutationCache({
    // Refused because somebody else was quicker: what the page shows is old.
    onError: (error) => {
      if (!(error instanceof ProblemError && error.status === 409)) return;
      noteOvertaken(error);
      void queryClient.invalidateQueries();
    },
  }),
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
