import { COMMANDS } from '../../cli/commands.ts';
import { DomainError } from '../../core/errors.ts';

// A process that runs commands of `mohr` one after the other, as `cli/mohr.ts` runs one: what it loads, it loads once.

export interface CommandOrder {
  args: readonly string[];
}

export interface CommandOutcome {
  code: number;
  stdout: string;
  stderr: string;
}

process.on('message', (order) => void answer(order as CommandOrder));
process.once('disconnect', () => process.exit());
process.send!('ready');

async function answer({ args: [name, ...args] }: CommandOrder): Promise<void> {
  const printed = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((stream) => {
    const { write } = process[stream];
    process[stream].write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
      printed[stream] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const done = more.find((one) => typeof one === 'function');
      if (done) setImmediate(done as () => void);
      return true;
    };
    return () => (process[stream].write = write);
  });
  let code: number;
  try {
    const run = await COMMANDS.find((command) => command.name === name)!.load();
    code = await run(args);
  } catch (error) {
    code = 1;
    printed.stderr +=
      error instanceof DomainError
        ? `mohr ${name}: ${error.detail} [${error.code}]\n`
        : `${(error as Error).stack}\n`;
  }
  for (const undo of restore) undo();
  process.send!({ code, ...printed } satisfies CommandOutcome);
}
