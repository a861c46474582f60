/** What a deployment chooses about smart cards. */
export interface CardSettings {
  cardAgentUrl: string;
}

/** Rows of `SETTINGS`. */
export const CARD_SETTINGS = {
  cardAgentUrl: {
    flag: 'card-agent-url',
    variable: 'MOHR_CARD_AGENT_URL',
    fallback: 'http://127.0.0.1:28447',
    meaning: 'where the card agent of a clerk’s workstation listens: an address of that very machine',
  },
} as const;

export interface CardSettingsSource {
  text(name: keyof typeof CARD_SETTINGS): string | undefined;
  where(name: keyof typeof CARD_SETTINGS): string;
}

/** Pages may talk to it, so it is nowhere but on the machine of whoever has opened them. */
const LOOPBACK = ['127.0.0.1', 'localhost'];

/** Reads the settings; what is wrong goes to `faults`. */
export function readCardSettings({ text, where }: CardSettingsSource, faults: string[]): CardSettings {
  const given = text('cardAgentUrl') ?? CARD_SETTINGS.cardAgentUrl.fallback;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isAgents =
    url?.protocol === 'http:' && LOOPBACK.includes(url.hostname) && url.href === `${url.origin}/`;
  if (!isAgents)
    faults.push(`${where('cardAgentUrl')}: "${given}" is not http://127.0.0.1:port or http://localhost:port`);
  return { cardAgentUrl: url?.origin ?? given };
}
