import { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

import type { FastifyBaseLogger } from 'fastify';

import { systemClock } from '../../core/clock.ts';
import { GatheredWrites } from './gathered-writes.ts';
import { HeldConnections } from './held-connections.ts';
import { OcspConnection } from './ocsp-connection.ts';
import type { ConnectionHouse } from './ocsp-connection.ts';
import type { OcspDesk } from './ocsp-desk.ts';
import { ReplyOctets } from './reply-octets.ts';
import { RequestHeads } from './request-head.ts';

/** As node:http names a request that ends before its announced length. */
const TRUNCATED = 'HPE_INVALID_EOF_STATE';

type ConnectionListener = (this: Server, socket: Socket) => void;

/**
 * Lets a server answer plain OCSP requests on the socket, before node:http reads them: it costs twice what all the rest of a
 * prepared answer does. Everything else, and what follows it on the same connection, goes to the listeners that were there,
 * octet for octet; over TLS, everything does. Returns the connections that are held here; the caller closes them before the
 * server.
 */
export function serveOcspFirst(
  server: Server | HttpsServer,
  desk: OcspDesk,
  logger: FastifyBaseLogger,
): HeldConnections {
  const held = new HeldConnections(server.keepAliveTimeout);
  // What connects to a server of TLS sends no HTTP yet.
  if (!(server instanceof Server)) return held;
  const others = server.listeners('connection') as ConnectionListener[];
  const writes = new GatheredWrites();
  const octets = new ReplyOctets(systemClock, server.keepAliveTimeout);
  const takeOver = (socket: Socket) => {
    for (const other of others) other.call(server, socket);
  };
  const house: ConnectionHouse = {
    heads: new RequestHeads((authorityId) => desk.hosts(authorityId)),
    get isLeaving() {
      return held.isLeaving;
    },
    ask: ({ url, authorityId, conditions }, body) =>
      url === undefined ? desk.post(authorityId, body) : desk.get(authorityId, url, conditions),
    octets: (reply, closes) => octets.of(reply, closes),
    hold: (socket) => writes.hold(socket),
    takeOver,
    truncated: (socket) => {
      const error = new Error('the connection was closed within a request');
      server.emit('clientError', Object.assign(error, { code: TRUNCATED }), socket);
    },
    left: (connection) => held.delete(connection),
    failed: (error) => logger.error({ err: error }, 'OCSP request failed'),
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    if (held.isClosing) takeOver(socket);
    else held.add(new OcspConnection(socket, house));
  });
  return held;
}
