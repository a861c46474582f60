import type { Writable } from 'node:stream';

import { CampaignError } from '../../ca/campaign/campaign-error.ts';
import { progressText } from '../../ca/campaign/progress.ts';
import type { Clock } from '../../core/clock.ts';
import { errorCode } from '../../core/errors.ts';

export interface ReporterOptions {
  name: string;
  results: Writable;
  progress: Writable & { isTTY?: boolean };
  clock: Clock;
  /** Part of the input that has been read, 0 to 1. */
  part?: () => number;
}

const TERMINAL_MILLISECONDS = 1_000;
/** Into a log, a line now and then. */
const LOG_MILLISECONDS = 10_000;

/**
 * Writes results as NDJSON, one object a line, and now and then a line of progress. Throws CampaignError `results-unwritable`
 * when results cannot be written; what they tell of is durable, and the next run tells it again.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #counts: Record<string, number> = {};
  readonly #started: number;
  #told = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#started = options.clock.now().getTime();
    // `write` hears of a full disk or a closed pipe by itself; unheard here, it would end the process.
    options.results.on('error', () => undefined);
  }

  async write(results: readonly { outcome: string }[]): Promise<void> {
    if (results.length === 0) return;
    for (const { outcome } of results) this.#counts[outcome] = (this.#counts[outcome] ?? 0) + 1;
    const { results: out, progress, clock } = this.#options;
    const text = `${results.map((result) => JSON.stringify(result)).join('\n')}\n`;
    const fault = await new Promise<unknown>((resolve) => out.write(text, resolve));
    if (fault) throw unwritable(fault);
    const now = clock.now().getTime();
    if (now - this.#told < (progress.isTTY ? TERMINAL_MILLISECONDS : LOG_MILLISECONDS)) return;
    this.#told = now;
    this.#tell(progress.isTTY ? '\r\u001b[K' : '', progress.isTTY ? '' : '\n', this.#options.part?.());
  }

  /** The last line of progress; returns how many rows had an outcome. */
  end(): Readonly<Record<string, number>> {
    this.#tell(this.#options.progress.isTTY ? '\r\u001b[K' : '', '\n');
    return this.#counts;
  }

  #tell(before: string, after: string, part?: number): void {
    const { name, progress, clock } = this.#options;
    const elapsedSeconds = (clock.now().getTime() - this.#started) / 1000;
    const text = progressText({ elapsedSeconds, counts: this.#counts, ...(part !== undefined && { part }) });
    progress.write(`${before}${name}: ${text}${after}`);
  }
}

function unwritable(cause: unknown): CampaignError {
  const code = errorCode(cause) ?? 'unknown';
  const detail = `results cannot be written (${code}); what was done is recorded, and the next run tells it`;
  return new CampaignError('results-unwritable', detail, { cause });
}
