import { readFile } from 'node:fs/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import type { Clock } from '../../core/clock.ts';
import { CardDesk } from '../../keys/card/card-desk.ts';
import { CardModule } from '../../keys/card/card-module.ts';
import { parseCardTypes } from '../../keys/card/card-type.ts';
import type { CardType } from '../../keys/card/card-type.ts';
import { CARD_TYPES } from '../../keys/card/card-types.ts';
import { OPENSC_CONFIGURATION } from '../../keys/card/opensc-configuration.ts';
import { openscModule } from '../../keys/card/opensc-module.ts';
import { VERSION } from '../package-root.ts';
import { AgentError } from './agent-error.ts';
import { startAgentServer } from './agent-server.ts';
import type { AgentSettings } from './agent-settings.ts';
import { Journal } from './journal.ts';
import { Operations } from './operations.ts';
import { Pairings } from './pairings.ts';
import { PinMemory } from './pin-memory.ts';
import { PromptPages } from './prompt-pages.ts';
import { TerminalPrompter } from './terminal-prompter.ts';

/** How long a question waits for somebody. */
const PROMPT_SECONDS = 300;

export interface AgentHouse {
  settings: AgentSettings;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  logFault(error: unknown): void;
}

/** A running agent. */
export interface RunningAgent {
  url: string;
  /** Operations that a crash had cut; they are told of as `agent-restarted`. */
  interrupted: number;
  close(): Promise<void>;
}

/** Puts the agent together and starts it. */
export async function runAgent({
  settings,
  environment,
  clock,
  logFault,
}: AgentHouse): Promise<RunningAgent> {
  const { stateFolder, origin, port, isHolder } = settings;
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  configureOpensc(stateFolder, environment);
  const desk = await openDesk(settings);
  const url = `http://127.0.0.1:${port}`;
  const pages = settings.prompt === 'page' ? new PromptPages(url, PROMPT_SECONDS) : undefined;
  const prompter = pages ?? new TerminalPrompter({ input: process.stdin, output: process.stdout });
  const pairings = await Pairings.open({ stateFolder, origin, clock, prompter });
  const journal = Journal.open(stateFolder, clock);
  const pins = new PinMemory();
  const interrupted = journal.closeInterrupted();
  const tools = { desk, journal, pins, clock, origin, variables: environment };
  const operations = new Operations(tools, prompter, logFault);
  const routes = { name: hostname(), version: VERSION, origin, pairings, operations, clock, isHolder };
  const server = await startAgentServer({
    guard: { origin, port },
    routes,
    ...(pages && { pages }),
    logFault,
  });
  return {
    url,
    interrupted,
    close: async () => {
      pins.forget();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** An administrator's own configuration of OpenSC stays; it then has to say the same (docs/CARD-AGENT.md). */
function configureOpensc(stateFolder: string, environment: NodeJS.ProcessEnv): void {
  if (environment.OPENSC_CONF) return;
  const file = join(stateFolder, 'opensc.conf');
  writeFileSync(file, OPENSC_CONFIGURATION, { mode: 0o600 });
  environment.OPENSC_CONF = file;
}

async function openDesk({ modules, cardTypesFile }: AgentSettings): Promise<CardDesk> {
  const paths = modules.length > 0 ? modules : [openscModule()];
  const types = [...(await furtherTypes(cardTypesFile)), ...CARD_TYPES];
  return new CardDesk(await Promise.all(paths.map((path) => CardModule.load(path))), types);
}

async function furtherTypes(file: string | undefined): Promise<CardType[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AgentError('agent-settings', `--card-types: ${file} cannot be read`, { cause });
  });
  return parseCardTypes(text);
}
