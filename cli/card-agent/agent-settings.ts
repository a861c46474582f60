import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a workstation chooses about its agent. */
export interface AgentSettings {
  /** The only origin whose pages are answered. */
  origin: string;
  isHolder: boolean;
  port: number;
  /** Paths of PKCS#11 modules, in the order in which cards are looked for; empty: OpenSC. */
  modules: string[];
  /** A file with further rows of the table of card types. */
  cardTypesFile?: string;
  stateFolder: string;
  prompt: 'page' | 'terminal';
}

interface SettingRow {
  flag: string;
  variable: string;
  fallback: string;
  meaning: string;
}

/** One row per setting; a flag comes before its variable. */
export const AGENT_SETTINGS = {
  console: {
    flag: 'console',
    variable: 'MOHR_CARD_AGENT_CONSOLE',
    fallback: '(required, or --origin)',
    meaning: 'origin of the console, e.g. https://ra.example: no other page is answered',
  },
  origin: {
    flag: 'origin',
    variable: 'MOHR_CARD_AGENT_ORIGIN',
    fallback: '(with --holder)',
    meaning: 'with --holder: origin of the practice system whose pages may ask for signatures',
  },
  port: {
    flag: 'port',
    variable: 'MOHR_CARD_AGENT_PORT',
    fallback: '28447',
    meaning: 'port on 127.0.0.1',
  },
  module: {
    flag: 'module',
    variable: 'MOHR_CARD_AGENT_MODULE',
    fallback: '(OpenSC)',
    meaning: 'PKCS#11 modules of the cards, separated by commas; the first that knows a card serves it',
  },
  cardTypes: {
    flag: 'card-types',
    variable: 'MOHR_CARD_AGENT_CARD_TYPES',
    fallback: '(built in)',
    meaning: 'JSON file with further card types',
  },
  state: {
    flag: 'state',
    variable: 'MOHR_CARD_AGENT_STATE',
    fallback: '~/.local/state/mohr-card-agent',
    meaning: 'folder of pairings and journal',
  },
  prompt: {
    flag: 'prompt',
    variable: 'MOHR_CARD_AGENT_PROMPT',
    fallback: 'page',
    meaning: 'where PINs are typed: `page` in the browser, or `terminal`',
  },
} as const satisfies Record<string, SettingRow>;

type Outcome = { settings: AgentSettings; faults?: undefined } | { faults: string[] };

/** Reads flags and variables; says all that is wrong with them. */
export function readAgentSettings(args: string[], environment: NodeJS.ProcessEnv): Outcome {
  const rows = Object.entries(AGENT_SETTINGS);
  const options = Object.fromEntries(rows.map(([, { flag }]) => [flag, { type: 'string' as const }]));
  const faults: string[] = [];
  let values: Record<string, string | boolean | undefined> = {};
  try {
    ({ values } = parseArgs({ args, options: { ...options, holder: { type: 'boolean' } } }));
  } catch (error) {
    faults.push((error as Error).message);
  }
  const text = (name: keyof typeof AGENT_SETTINGS): string | undefined => {
    const { flag, variable } = AGENT_SETTINGS[name];
    const value = values[flag] ?? environment[variable];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const isHolder = values.holder === true;
  const asked = isHolder ? text('origin') : text('console');
  const origin = originOf(asked);
  if (origin === undefined)
    faults.push(
      `--${isHolder ? 'origin' : 'console'}: "${asked ?? ''}" is no https origin, nor http on localhost`,
    );
  const port = Number(text('port') ?? AGENT_SETTINGS.port.fallback);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) faults.push(`--port: ${text('port')} is no port`);
  const prompt = text('prompt') ?? AGENT_SETTINGS.prompt.fallback;
  if (prompt !== 'page' && prompt !== 'terminal')
    faults.push(`--prompt: "${prompt}", expected page or terminal`);
  if (faults.length > 0) return { faults };
  const cardTypesFile = text('cardTypes');
  return {
    settings: {
      origin: origin!,
      isHolder,
      port,
      modules: (text('module') ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
      ...(cardTypesFile !== undefined && { cardTypesFile: resolve(cardTypesFile) }),
      stateFolder: resolve(text('state') ?? join(homedir(), '.local', 'state', 'mohr-card-agent')),
      prompt: prompt as AgentSettings['prompt'],
    },
  };
}

/** An origin as browsers send it; http only where no network lies between. */
function originOf(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, hostname, origin, pathname, search } = new URL(text);
  if (pathname !== '/' || search !== '') return undefined;
  const isLocal = protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1');
  return protocol === 'https:' || isLocal ? origin : undefined;
}
