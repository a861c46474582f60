import type { Passphrase } from '../../keys/passphrase.ts';

/** Long enough to go from one step at the desk to the next. */
const SECONDS_MAX = 120;

/**
 * The PIN that was typed last, for the steps of one personalisation that follow at once: key after PIN, certificates. Never for
 * a signature over something that is shown.
 */
export class PinMemory {
  #kept: { cardSerial: string; sessionId: string; pin: Passphrase } | undefined;
  #timer: NodeJS.Timeout | undefined;

  keep(cardSerial: string, sessionId: string, pin: Passphrase): void {
    this.forget();
    this.#kept = { cardSerial, sessionId, pin };
    this.#timer = setTimeout(() => this.forget(), SECONDS_MAX * 1000);
    this.#timer.unref();
  }

  /** For the same card and the same officer's session. */
  recall(cardSerial: string, sessionId: string): Passphrase | undefined {
    const kept = this.#kept;
    return kept?.cardSerial === cardSerial && kept.sessionId === sessionId ? kept.pin : undefined;
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#kept = undefined;
  }
}
