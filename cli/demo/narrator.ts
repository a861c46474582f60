import { isDeepStrictEqual } from 'node:util';

/** Tells the story, one line a step, and remembers whether anything was not as expected. */
export class Narrator {
  #step = 0;
  #failures = 0;

  get failures(): number {
    return this.#failures;
  }

  step(text: string): void {
    this.#step += 1;
    process.stdout.write(`${String(this.#step).padStart(2)}. ${text}\n`);
  }

  /** An expectation under the current step; a wrong one is shown with what came instead. */
  expect(what: string, actual: unknown, expected: unknown): void {
    const holds = isDeepStrictEqual(actual, expected);
    if (!holds) this.#failures += 1;
    const shown = holds ? show(expected) : `${show(actual)}, expected ${show(expected)}`;
    process.stdout.write(`      ${holds ? '✓' : '✗'} ${what}: ${shown}\n`);
  }

  say(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
