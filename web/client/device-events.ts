import { ConnectionError, problemOf } from './problem.ts';
import { addressOf } from './request.ts';

/** The service speaks every fifteen seconds; a connection that is silent for longer is dead, or held up by a proxy. */
const SILENCE_MILLISECONDS_MAX = 40_000;
const EVENT = /^event: request$/m;

/**
 * Waits until the service says that something waits to be signed. Read by `fetch`, for an EventSource would have the token in its
 * address. Resolves with false when the service ended the stream; throws ProblemError and ConnectionError.
 */
export async function untilRequestComes(token: string, signal: AbortSignal): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MILLISECONDS_MAX);
  try {
    const response = await fetch(addressOf('/device/events'), {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
      credentials: 'omit',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok) throw await problemOf(response);
    const decoder = new TextDecoder();
    const reader = response.body!.getReader();
    for (let heard = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return false;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MILLISECONDS_MAX);
      heard += decoder.decode(value, { stream: true });
      if (EVENT.test(heard)) {
        void reader.cancel();
        return true;
      }
      heard = heard.slice(heard.lastIndexOf('\n') + 1);
    }
  } catch (error) {
    if (signal.aborted || (error instanceof Error && error.name === 'ProblemError')) throw error;
    throw new ConnectionError(error);
  } finally {
    clearTimeout(timer);
  }
}
