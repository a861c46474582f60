import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import type { PrescriptionSystem, SessionView } from './prescription-system.ts';

/** What the clinic's screen shows: the code, large, and what became of the request. */
const PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Clinic</title>
  <h1>Clinic</h1>
  <button id="ask">Have it signed</button>
  <p>Code: <strong id="code"></strong></p>
  <p>State: <output id="state"></output></p>
  <script>
    const put = (id, text) => (document.getElementById(id).textContent = text ?? '');
    let asked = 0;
    document.getElementById('ask').onclick = async () => {
      const mine = (asked += 1);
      put('state', ''), put('code', '');
      let session = await (await fetch('/ask', { method: 'POST' })).json();
      put('code', session.verificationCode);
      put('state', session.state ?? session.code);
      while (['CREATED', 'DELIVERED', 'DISPLAYED'].includes(session.state)) {
        session = await (await fetch('/state?id=' + session.id)).json();
        if (mine !== asked) return;
        put('state', session.state);
      }
    };
  </script>
</html>`;

/** A clinic's own page: its server is the relying party, whose key no browser sees. */
export class Clinic {
  readonly origin: string;
  /** What is asked for next. */
  next: object = {};
  /** The service's answer to asking, and its last one. */
  asked: SessionView | undefined;
  last: SessionView | undefined;
  readonly #system: PrescriptionSystem;

  private constructor(system: PrescriptionSystem, origin: string) {
    this.#system = system;
    this.origin = origin;
  }

  static async open(
    t: { teardown(undo: () => Promise<unknown>): void },
    system: PrescriptionSystem,
  ): Promise<Clinic> {
    const server = createServer((request, response) => void clinic.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    });
    const { port } = server.address() as AddressInfo;
    const clinic = new Clinic(system, `http://localhost:${port}`);
    return clinic;
  }

  /** A token lives for ten minutes: after the clock was moved, another is needed. */
  async signInAgain(): Promise<void> {
    await this.#system.authenticate();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.origin);
    if (url.pathname === '/') return void response.setHeader('content-type', 'text/html').end(PAGE);
    if (url.pathname !== '/ask' && url.pathname !== '/state') return void response.writeHead(404).end();
    await text(request);
    const { body } =
      url.pathname === '/ask'
        ? await this.#system.ask(this.next)
        : await this.#system.read(url.searchParams.get('id')!, 10);
    if (url.pathname === '/ask') this.asked = body;
    // The end of an earlier request may be heard of after the next one was asked for.
    if (body.id === this.asked?.id) this.last = body;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  }
}
