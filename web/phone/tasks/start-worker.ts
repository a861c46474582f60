/** Lets the page start without a connection, and be told of requests while it is closed; without it the page works all the same. */
export function startWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker
    .register('/phone/worker.js', { scope: '/phone', updateViaCache: 'none' })
    .catch(() => undefined);
}
