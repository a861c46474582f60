import { Server } from 'node:net';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';

/** In which what came over open connections is answered, and these end with the answer. */
const LAST_ANSWERS_MILLISECONDS = 1000;
const SHORT_ROUND_MILLISECONDS = 0.2;
/** Without a short round for so long, it is closed all the same. */
const ROUNDS_MAX = 200;

/**
 * The last part of draining. Whoever cannot connect has sent nothing, so a balancer asks another node, also with what must not be sent
 * twice; a connection that is closed while a POST is on its way loses it. Connections that are open stay so, until they were used.
 */
export async function refuseNewConnections(servers: readonly Server[]): Promise<void> {
  await untilAccepted();
  // Not http's own close, which ends idle connections at once.
  for (const server of servers) Server.prototype.close.call(server);
  await delay(LAST_ANSWERS_MILLISECONDS);
}

/**
 * The kernel resets whoever it has accepted and this process has not: the loop accepts all of them each time around, and closing comes
 * right after a short round, in which hardly anybody can have come.
 */
async function untilAccepted(): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const begun = performance.now();
    await setImmediate();
    if (performance.now() - begun < SHORT_ROUND_MILLISECONDS) return;
  }
}
