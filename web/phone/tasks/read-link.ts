/** What the QR code of the desk says. */
export interface Activation {
  applicationId: string;
  deskSecret: string;
}

/** What a QR code says to this page behind `#`, which browsers send to no server. */
export type OpenedLink = ({ kind: 'activation' } & Activation) | { kind: 'pairing'; secret: string };

/** Either kind of link, whole or from `#` on. */
export function readLink(text: string): OpenedLink | undefined {
  const at = text.indexOf('#');
  if (at === -1) return undefined;
  const values = new URLSearchParams(text.slice(at + 1));
  const [applicationId, deskSecret, secret] = ['application', 'secret', 'pair'].map((name) =>
    values.get(name),
  );
  if (secret && /^[\w-]{43}$/.test(secret)) return { kind: 'pairing', secret };
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(applicationId ?? '');
  if (!isId || !deskSecret || deskSecret.length > 64) return undefined;
  return { kind: 'activation', applicationId: applicationId!, deskSecret };
}
