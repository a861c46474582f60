import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

import type { Test } from 'tap';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as they came, without dot-stuffing. */
  data: string;
}

/** A mail server of a test: speaks RFC 5321 over a socket and keeps what it is given. */
export class SmtpReceiver {
  readonly received: ReceivedMail[] = [];
  /** Answer to RCPT, e.g. `550 5.1.1 no such user`; undefined: everybody is here. */
  refusal: string | undefined;
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();

  static async listen(t: Pick<Test, 'teardown'>): Promise<SmtpReceiver> {
    const receiver = new SmtpReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    t.teardown(() => receiver.close());
    return receiver;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    let mail: ReceivedMail = { from: '', to: [], data: '' };
    let pending = '';
    let isData = false;
    const answer = (line: string) => socket.write(`${line}\r\n`);
    const command = (line: string) => {
      const [verb] = line.toUpperCase().split(/[ :]/, 1);
      const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
      switch (verb) {
        case 'EHLO':
        case 'HELO':
          return answer('250 receiver.test');
        case 'MAIL':
          mail = { from: address, to: [], data: '' };
          return answer('250 ok');
        case 'RCPT':
          if (this.refusal) return answer(this.refusal);
          mail.to.push(address);
          return answer('250 ok');
        case 'DATA':
          isData = true;
          return answer('354 go on');
        case 'QUIT':
          answer('221 bye');
          return socket.end();
        default:
          return answer(verb === 'RSET' || verb === 'NOOP' ? '250 ok' : '502 not here');
      }
    };
    answer('220 receiver.test ESMTP');
    socket.on('data', (octets: Buffer) => {
      pending += octets.toString('utf8');
      for (;;) {
        const end = isData ? pending.indexOf('\r\n.\r\n') : pending.indexOf('\r\n');
        if (end < 0) return;
        const text = pending.slice(0, end);
        pending = pending.slice(end + (isData ? 5 : 2));
        if (!isData) command(text);
        else {
          isData = false;
          this.received.push({ ...mail, data: text.replaceAll(/^\.\./gm, '.') });
          answer('250 taken');
        }
      }
    });
  }
}
