import { Server } from 'node:net';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';

/** In which what came over open connections is answered, and these end with the answer. */
const LAST_ANSWERS_MILLISECONDS = 1000;

/**
 * The last part of draining. Whoever cannot connect has sent nothing, so a balancer asks another node, also with what must not be sent
 * twice; a connection that is closed while a POST is on its way loses it. Connections that are open stay so, until they were used.
 */
export async function refuseNewConnections(servers: readonly Server[]): Promise<void> {
  // The loop first accepts who waits to be: the kernel resets the others.
  await setImmediate();
  // Not http's own close, which ends idle connections at once.
  for (const server of servers) Server.prototype.close.call(server);
  await delay(LAST_ANSWERS_MILLISECONDS);
}
