import type { ApiServices } from '../../api/api-services.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { loadDeploymentProfiles } from '../deployment-profiles.ts';
import { VERSION } from '../package-root.ts';
import { SERVICE } from '../service-actor.ts';
import type { Settings } from '../settings.ts';

/** Settings that hold secrets, or that are another at each start without being another deployment. */
const LEFT_OUT: readonly string[] = [
  'databaseUrl',
  'keyPassphraseFile',
  'keyPassphrasePrompt',
  'port',
  'logLevel',
];

/** Says in the log under which settings and profiles the service works from now on: whatever changed them shows. */
export async function recordStart(
  { audit, transactions, clock }: Pick<ApiServices, 'audit' | 'transactions' | 'clock'>,
  settings: Settings,
): Promise<void> {
  const profiles = await loadDeploymentProfiles(settings.dataDirectory);
  const chosen = Object.fromEntries(Object.entries(settings).filter(([name]) => !LEFT_OUT.includes(name)));
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: SERVICE,
      action: 'start-service',
      outcome: 'accepted',
      subject: 'service:mohr',
      details: {
        version: VERSION,
        settingsSha256: digestOf(chosen),
        profilesSha256: digestOf(profiles),
      },
    }),
  );
}

function digestOf(value: unknown): string {
  return digest('sha256', Buffer.from(canonicalJson(plain(value)))).toString('hex');
}

/** Maps, sets and classes as JSON has them. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value as Map<string, unknown>));
  if (value instanceof Set) return [...(value as Set<unknown>)].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'undefined') return null;
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
  return value;
}
