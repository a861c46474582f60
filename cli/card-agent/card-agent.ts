import { systemClock } from '../../core/clock.ts';
import { USAGE_EXIT_CODE } from '../command-line.ts';
import { makeLogger } from '../logger.ts';
import { untilStopped } from '../until-stopped.ts';
import { AGENT_SETTINGS, readAgentSettings } from './agent-settings.ts';
import { runAgent } from './run-agent.ts';

/** `mohr card-agent [install|update] …`. Resolves to the exit code. */
export async function cardAgent(args: string[]): Promise<number> {
  const [what, ...others] = args;
  if (what === 'install') return (await import('./package/install.ts')).install(others);
  if (what === 'update') return (await import('./package/update.ts')).update(others);
  return serve(args);
}

/** Serves the card readers of this workstation to one console until it is stopped. */
async function serve(args: string[]): Promise<number> {
  const outcome = readAgentSettings(args, process.env);
  if (outcome.faults) {
    process.stderr.write(usage(outcome.faults));
    return USAGE_EXIT_CODE;
  }
  const { settings } = outcome;
  const logger = makeLogger('info', process.stderr);
  const logFault = (err: unknown): void => logger.error({ err }, 'a fault of the agent');
  const agent = await runAgent({ settings, environment: process.env, clock: systemClock, logFault });
  if (agent.interrupted > 0) logger.warn({ operations: agent.interrupted }, 'operations were cut by a crash');
  process.stdout.write(`mohr card agent is ready: ${agent.url} for ${settings.origin}\n`);
  await untilStopped([agent.close], { logger, drainSeconds: 0 });
  return 0;
}

function usage(faults: readonly string[]): string {
  const rows = Object.values(AGENT_SETTINGS).map(
    ({ flag, variable, fallback, meaning }) => `  --${flag} (${variable}, ${fallback}): ${meaning}\n`,
  );
  return `mohr card-agent [install|update] --console <origin> [flags]\n${faults.map((fault) => `  ${fault}\n`).join('')}\n${rows.join('')}  --holder: a holder's own machine\n`;
}
