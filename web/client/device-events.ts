import { problemOf } from './problem.ts';
import { addressOf } from './request.ts';

/** The service speaks every fifteen seconds; a connection that is silent for longer is dead, or held up by a proxy. */
const SILENCE_MILLISECONDS_MAX = 40_000;
const EVENT = /^event: request$/m;

/** The events broke off, or were never heard. */
export class EventsError extends Error {
  constructor(cause: unknown) {
    super('the events of the service are not heard', { cause });
    this.name = 'EventsError';
  }
}

/**
 * Waits until the service says that something waits to be signed. Read by `fetch`, for an EventSource would have the token in its
 * address. `onHeard` is called whenever the service is heard. Resolves with false when the service ended the stream; throws ProblemError and EventsError.
 */
export async function untilRequestComes(
  token: string,
  signal: AbortSignal,
  onHeard: () => void,
): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MILLISECONDS_MAX);
  try {
    const response = await fetch(addressOf('/device/events'), {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
      credentials: 'omit',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    // Not the service's own answer, but that of a proxy which passes no streams on.
    if (response.status >= 500) throw new Error(`answered by ${response.status}`);
    if (!response.ok) throw await problemOf(response);
    const decoder = new TextDecoder();
    const reader = response.body!.getReader();
    for (let heard = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return false;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MILLISECONDS_MAX);
      onHeard();
      heard += decoder.decode(value, { stream: true });
      if (EVENT.test(heard)) {
        void reader.cancel();
        return true;
      }
      heard = heard.slice(heard.lastIndexOf('\n') + 1);
    }
  } catch (error) {
    if (signal.aborted || (error instanceof Error && error.name === 'ProblemError')) throw error;
    throw new EventsError(error);
  } finally {
    clearTimeout(timer);
  }
}
