import type { Socket } from 'node:net';

import type { OcspReply } from './ocsp-reply.ts';
import type { RequestHead, RequestHeads } from './request-head.ts';

/**
 * What a connection is doing: nothing was heard of it yet; it waits for the next request; the body of one is not all there;
 * an answer is signed; the client does not read what it was sent; all is said, and it is closed when that is sent.
 */
export type ConnectionState = 'silent' | 'idle' | 'incomplete' | 'answering' | 'unread' | 'leaving';

/** What a connection needs of the server that it belongs to. */
export interface ConnectionHouse {
  heads: RequestHeads;
  /** Whether each connection goes with its next answer. */
  readonly isLeaving: boolean;
  ask(head: RequestHead, body: Buffer): OcspReply | Promise<OcspReply>;
  octets(reply: OcspReply, closes: boolean): Buffer;
  /** Told before a reply is written that was not known: whoever signs takes long enough for its client to fall asleep. */
  hold(socket: Socket): void;
  /** Takes a connection over for good; what was read of it and not answered is in its stream again. */
  takeOver(socket: Socket): void;
  /** Answers a client that closed its side within a request. */
  truncated(socket: Socket): void;
  /** Told once, when the connection is not this one's any more. */
  left(connection: OcspConnection): void;
  failed(error: unknown): void;
}

const NOTHING = Buffer.alloc(0);
/** A body comes in one piece or two; who sends it octet by octet has each one copied again. */
const PIECES_MAX = 8;

/**
 * Answers the plain OCSP requests of one connection, one after the other, so answers are in the order of their requests. The
 * first octet that does not belong to a plain request whose head is all there goes to node:http with all that follow.
 */
export class OcspConnection {
  readonly socket: Socket;
  readonly #house: ConnectionHouse;
  #state: ConnectionState = 'silent';
  /** Octets that wait: for more of them, for an answer before theirs, or for the client to read. */
  #rest: Buffer = NOTHING;
  #pieces = 0;
  #hasEnded = false;
  /** Times that somebody looked since the state was entered. */
  looks = 0;

  constructor(socket: Socket, house: ConnectionHouse) {
    this.socket = socket;
    this.#house = house;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('drain', this.#onDrain);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Leaves the connection to node:http. */
  handOver(): void {
    // Nothing can be put back into a stream that has ended; the client does not expect more than its answers.
    if (this.#hasEnded) return this.#leave();
    const { socket } = this;
    this.#detach();
    socket.pause();
    if (this.#rest.length > 0) socket.unshift(this.#rest);
    this.#house.takeOver(socket);
    socket.off('error', this.#onError);
    socket.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#state !== 'incomplete') return this.#work(chunk);
    this.#pieces += 1;
    this.#work(Buffer.concat([this.#rest, chunk]));
  };

  /** Answers what is there, until there is something to wait for. */
  #work(input: Buffer): void {
    const { heads } = this.#house;
    for (let at = 0; at < input.length;) {
      const head = heads.read(input, at);
      if (!head || head.end > input.length || (head.closes && head.end < input.length)) {
        this.#wait('incomplete', input, at);
        // What stands behind a request that is the last one is no request.
        if (!head || head.end < input.length || this.#pieces > PIECES_MAX) this.handOver();
        return;
      }
      at = head.end;
      this.#pieces = 0;
      if (!this.#answer(head, input, at)) return;
    }
    this.#wait('idle', NOTHING, 0);
  }

  /** False: the requests behind it have to wait, or there is nobody any more to answer. */
  #answer(head: RequestHead, input: Buffer, at: number): boolean {
    try {
      const reply = this.#house.ask(head, input.subarray(head.bodyAt, head.end));
      if (!(reply instanceof Promise)) return this.#send(reply, head, input, at);
      this.socket.pause();
      this.#wait('answering', input, at);
      reply.then((made) => this.#send(made, head, this.#rest, 0) && this.#goOn()).catch(this.#failed);
    } catch (error) {
      this.#failed(error);
    }
    return false;
  }

  #send(reply: OcspReply, { closes }: RequestHead, input: Buffer, at: number): boolean {
    const { socket } = this;
    if (socket.destroyed) return false;
    const isLast = closes || this.#house.isLeaving;
    if (reply.written === undefined) this.#house.hold(socket);
    const isRead = socket.write(this.#house.octets(reply, isLast));
    if (isRead && !isLast) return true;
    if (isLast) {
      this.#leave();
    } else {
      socket.pause();
      this.#wait('unread', input, at);
    }
    return false;
  }

  /** Takes up what waited for an answer or for the client. */
  #goOn(): void {
    this.#work(this.#rest);
    if (this.#state !== 'idle' && this.#state !== 'incomplete') return;
    if (this.#hasEnded) this.#onEnd();
    else this.socket.resume();
  }

  readonly #onDrain = (): void => {
    if (this.#state === 'unread') this.#goOn();
  };

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    if (this.#state !== 'silent' && this.#state !== 'idle' && this.#state !== 'incomplete') return;
    if (this.#state === 'incomplete') this.#house.truncated(this.socket);
    this.#leave();
  };

  /** 'close' follows. */
  readonly #onError = (): void => undefined;

  readonly #onClose = (): void => this.#detach();

  readonly #failed = (error: unknown): void => {
    this.#house.failed(error);
    this.socket.destroy();
  };

  #wait(state: ConnectionState, input: Buffer, at: number): void {
    this.#state = state;
    this.#rest = at < input.length ? input.subarray(at) : NOTHING;
    this.looks = 0;
  }

  /** What else the client says is not heard; it closes when everything is sent. */
  #leave(): void {
    this.socket.off('data', this.#onData);
    this.#wait('leaving', NOTHING, 0);
    this.socket.destroySoon();
  }

  #detach(): void {
    const { socket } = this;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('drain', this.#onDrain);
    socket.off('close', this.#onClose);
    this.#house.left(this);
  }
}
