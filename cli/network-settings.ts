import { isIP } from 'node:net';

/** Which networks are trusted with what. */
export interface NetworkSettings {
  /** Addresses and networks of proxies in front; what they say of a caller's address is believed. Empty: nobody. */
  trustedProxies: readonly string[];
  /** Networks beside the Internet that callbacks may lead to. */
  callbackNetworks: readonly string[];
}

/** Rows of `SETTINGS`. */
export const NETWORK_SETTINGS = {
  trustedProxies: {
    flag: 'trusted-proxies',
    variable: 'MOHR_TRUSTED_PROXIES',
    fallback: '(nobody)',
    meaning:
      'addresses and networks of proxies in front, with commas between them, whose `X-Forwarded-For` says where a request comes from: `10.0.0.5,fd00::/8`',
  },
  callbackNetworks: {
    flag: 'callback-networks',
    variable: 'MOHR_CALLBACK_NETWORKS',
    fallback: '(none)',
    meaning:
      'networks that are not the Internet’s and that callbacks may lead to all the same, with commas between them: `10.20.0.0/16`',
  },
} as const;

export interface NetworkSettingsSource {
  text(name: keyof typeof NETWORK_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof NETWORK_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readNetworkSettings(
  { text, where }: NetworkSettingsSource,
  faults: string[],
): NetworkSettings {
  const read = (name: keyof typeof NETWORK_SETTINGS) => {
    const networks = (text(name) ?? '').split(',').map((one) => one.trim());
    const given = networks.filter((one) => one !== '');
    for (const one of given)
      if (!isNetwork(one)) faults.push(`${where(name)}: "${one}" is no address or network`);
    return given;
  };
  return { trustedProxies: read('trustedProxies'), callbackNetworks: read('callbackNetworks') };
}

function isNetwork(text: string): boolean {
  const [address, prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  // Everybody is no network.
  return (
    prefix === undefined || (/^[1-9][0-9]{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
  );
}
