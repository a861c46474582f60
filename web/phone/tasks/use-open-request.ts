import { useEffect, useState } from 'react';

import { EventsError, untilRequestComes } from '../../client/device-events.ts';
import { readOpenRequest } from '../../client/device-requests.ts';
import type { SigningRequest } from '../../client/signing-request.ts';
import { ProblemError } from '../../client/problem.ts';

/** At most what the service waits (WaitSeconds). */
const POLL_SECONDS = 25;
const PAUSE_MILLISECONDS = 3_000;

export type Watching =
  | { state: 'watching' | 'away' | 'signed-out' }
  /** Undefined `request`: there was one, and the holder is done with it. */
  | { state: 'asked'; request: SigningRequest };

/**
 * Watches for requests while the page is seen: by server-sent events, and where something on the way holds them up, by long polls.
 * `resume` goes on watching after a request.
 */
export function useOpenRequest(token: string): { watching: Watching; resume(): void } {
  const [watching, setWatching] = useState<Watching>({ state: 'watching' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    void watch(token, controller.signal, setWatching);
    return () => controller.abort();
  }, [token, round]);
  useEffect(() => {
    // A page in the pocket is stopped by the phone: once it is seen again, its connection may be dead without saying so.
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      setWatching((now) => {
        if (now.state !== 'asked') setRound((last) => last + 1);
        return now;
      });
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const resume = () => {
    setWatching({ state: 'watching' });
    setRound((last) => last + 1);
  };
  return { watching, resume };
}

async function watch(
  token: string,
  signal: AbortSignal,
  onChange: (watching: Watching) => void,
): Promise<void> {
  let hasEvents = true;
  let wait = 0;
  while (!signal.aborted) {
    let isHeard = false;
    try {
      const request = await readOpenRequest(token, wait, signal);
      if (signal.aborted) return;
      if (request) return onChange({ state: 'asked', request });
      onChange({ state: 'watching' });
      wait = hasEvents ? 0 : POLL_SECONDS;
      if (hasEvents) await untilRequestComes(token, signal, () => (isHeard = true));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError && error.status === 401) return onChange({ state: 'signed-out' });
      // The service was there a moment ago, and its events are not heard: something holds them up.
      if (!isHeard && error instanceof EventsError) hasEvents = false;
      else onChange({ state: 'away' });
      wait = 0;
      await pause(PAUSE_MILLISECONDS, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
    window.addEventListener('online', () => resolve(), { signal, once: true });
  });
}
