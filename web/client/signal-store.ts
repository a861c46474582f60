import { useSyncExternalStore } from 'react';

/** A value outside of React that components follow. */
export interface SignalStore<T> {
  get(): T;
  set(value: T): void;
  use(): T;
}

export function signalStore<T>(initial: T): SignalStore<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  const get = () => current;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get,
    set: (value) => {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
