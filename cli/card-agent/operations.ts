import { randomBytes } from 'node:crypto';

import { DomainError, unreachable } from '../../core/errors.ts';
import { AgentError } from './agent-error.ts';
import type { CardWork } from './card-work.ts';
import type { Journal } from './journal.ts';
import type { CardOrder, Document, OperationName } from './operation-inputs.ts';
import { destroyKeys } from './operations/destroy-keys.ts';
import { listReaders } from './operations/list-readers.ts';
import { makeKey } from './operations/make-key.ts';
import { readCard } from './operations/read-card.ts';
import { setPin } from './operations/set-pin.ts';
import { signDocument } from './operations/sign-document.ts';
import { unblockPin } from './operations/unblock-pin.ts';
import { writeCardCertificates } from './operations/write-card-certificates.ts';
import type { Prompter } from './prompter.ts';
import type { Ticket } from './ticket.ts';

/** What a browser gets to know of an operation. */
export interface OperationReport {
  operationId: string;
  state: 'running' | 'waiting' | 'done' | 'failed';
  step: string;
  promptUrl?: string;
  result?: object;
  error?: { code: string; detail: string };
}

interface Running {
  pairingId: string;
  ticketId?: string;
  /** Whether the journal has it. */
  isNoted: boolean;
  report: OperationReport;
  /** Called when the report changes. */
  listeners: Set<() => void>;
}

/** Operations that are remembered; the oldest that has ended goes for the next. */
const OPERATIONS_MAX = 200;
/** At once: there are not more readers at a desk. */
const RUNNING_MAX = 8;

/** They change nothing, and a console asks them every few seconds. */
const LOOKING: readonly OperationName[] = ['list-readers', 'read-card'];

type Tools = Omit<CardWork, 'step' | 'conversation' | 'sessionId'>;

/** Runs operations, and tells of them. */
export class Operations {
  readonly #tools: Tools;
  readonly #prompter: Prompter;
  readonly #logFault: (error: unknown) => void;
  readonly #operations = new Map<string, Running>();

  constructor(tools: Tools, prompter: Prompter, logFault: (error: unknown) => void) {
    this.#tools = tools;
    this.#prompter = prompter;
    this.#logFault = logFault;
  }

  get #journal(): Journal {
    return this.#tools.journal;
  }

  /** Begins what a ticket allows; a ticket that was given before leads to its operation. */
  begin(ticket: Ticket, pairingId: string): OperationReport {
    const { order } = ticket;
    const known = [...this.#operations.values()].find(({ ticketId }) => ticketId === ticket.id);
    if (known?.pairingId === pairingId) return known.report;
    if (known) throw new AgentError('ticket-used', 'the ticket was used by another browser');
    if (this.#journal.hasTicket(ticket.id))
      return this.#failed(
        pairingId,
        ticket.id,
        'agent-restarted',
        'the agent was started anew meanwhile; ask again',
      );
    const { operation } = order;
    const isNoted = !LOOKING.includes(operation);
    const running = this.#add(pairingId, ticket.id, isNoted);
    if (isNoted)
      this.#journal.note({
        ...{ kind: 'begun', ticket: ticket.id, operation, officerId: ticket.officerId },
        ...('cardSerial' in order && { cardSerial: order.cardSerial }),
      });
    void this.#run(running, ticket.sessionId, (work) => perform(work, order));
    return running.report;
  }

  /** Holder mode: signs what a paired page asks for, with the card of this serial number or the only one there is. */
  beginSignature(document: Document, cardSerial: string | undefined, pairingId: string): OperationReport {
    const running = this.#add(pairingId);
    void this.#run(running, pairingId, async (work) => {
      const serial = cardSerial ?? (await onlyCard(work));
      return signDocument(work, { cardSerial: serial, purpose: 'signing', document });
    });
    return running.report;
  }

  /** The report, as soon as it differs from what the browser has seen, or after the wait. */
  async report(
    operationId: string,
    pairingId: string,
    seen: { state?: string; step?: string },
    wait: Promise<void>,
  ): Promise<OperationReport> {
    const running = this.#operations.get(operationId);
    if (running?.pairingId !== pairingId)
      throw new AgentError('not-found', 'no such operation was begun by this browser');
    const isNews = (): boolean =>
      running.report.state !== seen.state || running.report.step !== seen.step || isOver(running);
    let wake: () => void = () => undefined;
    const changed = new Promise<void>((resolve) => (wake = resolve));
    if (!isNews()) {
      running.listeners.add(wake);
      await Promise.race([changed, wait]);
      running.listeners.delete(wake);
    }
    return running.report;
  }

  async #run(
    running: Running,
    sessionId: string,
    perform: (work: CardWork) => Promise<object>,
  ): Promise<void> {
    const conversation = this.#prompter.open();
    const step = (name: string, isWaiting = false): void =>
      this.#tell(running, {
        state: isWaiting ? 'waiting' : 'running',
        step: name,
        promptUrl: isWaiting && conversation.url !== '' ? conversation.url : undefined,
      });
    try {
      const result = await perform({ ...this.#tools, sessionId, conversation, step });
      conversation.end('done');
      this.#end(running, 'done', { state: 'done', result });
    } catch (error) {
      const { code, detail } = this.#failure(error);
      conversation.end(code);
      this.#end(running, code, { state: 'failed', error: { code, detail } });
    }
  }

  #end(running: Running, outcome: string, report: Partial<OperationReport>): void {
    const { ticketId, isNoted } = running;
    // Noted before it is told: what the console knows is known here after a restart.
    if (ticketId !== undefined && isNoted) this.#journal.note({ kind: 'ended', ticket: ticketId, outcome });
    this.#tell(running, { ...report, promptUrl: undefined });
  }

  #failure(error: unknown): { code: string; detail: string } {
    if (error instanceof DomainError) {
      const { code, detail } = error as DomainError;
      return { code, detail };
    }
    this.#logFault(error);
    return { code: 'agent-failed', detail: 'the agent met a fault of its own; its log has more' };
  }

  #failed(pairingId: string, ticketId: string, code: string, detail: string): OperationReport {
    const running = this.#add(pairingId, ticketId);
    Object.assign(running.report, { state: 'failed', step: 'end', error: { code, detail } });
    return running.report;
  }

  #add(pairingId: string, ticketId?: string, isNoted = false): Running {
    const all = [...this.#operations.values()];
    if (all.filter((one) => !isOver(one)).length >= RUNNING_MAX)
      throw new AgentError('too-many', `${RUNNING_MAX} operations are running already`);
    const oldest = all.find(isOver);
    if (all.length >= OPERATIONS_MAX && oldest) this.#operations.delete(oldest.report.operationId);
    const operationId = randomBytes(16).toString('base64url');
    const report: OperationReport = { operationId, state: 'running', step: 'begin' };
    const running: Running = {
      pairingId,
      isNoted,
      ...(ticketId !== undefined && { ticketId }),
      report,
      listeners: new Set(),
    };
    this.#operations.set(operationId, running);
    return running;
  }

  #tell(running: Running, change: Partial<OperationReport>): void {
    const { promptUrl, ...rest } = { ...running.report, ...change };
    Object.assign(running.report, rest);
    if (promptUrl === undefined) delete running.report.promptUrl;
    else running.report.promptUrl = promptUrl;
    for (const listener of running.listeners) listener();
  }
}

function perform(work: CardWork, order: CardOrder): Promise<object> {
  switch (order.operation) {
    case 'list-readers':
      return listReaders(work);
    case 'read-card':
      return readCard(work, order.cardSerial);
    case 'set-pin':
      return setPin(work, order.cardSerial);
    case 'make-key':
      return makeKey(work, order);
    case 'write-certificates':
      return writeCardCertificates(work, order);
    case 'sign':
      return signDocument(work, order);
    case 'unblock-pin':
      return unblockPin(work, order.cardSerial);
    case 'destroy-keys':
      return destroyKeys(work, order);
    default:
      return unreachable(order);
  }
}

async function onlyCard({ desk }: CardWork): Promise<string> {
  const serials = (await desk.readers()).flatMap(({ token }) => (token?.serial ? [token.serial] : []));
  if (serials.length === 1) return serials[0];
  const code = serials.length === 0 ? 'not-found' : 'request-malformed';
  throw new AgentError(code, `${serials.length} cards are in the readers; name one with cardSerial`);
}

function isOver({ report }: Running): boolean {
  return report.state === 'done' || report.state === 'failed';
}
