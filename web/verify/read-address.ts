/** What the address of the page asks for beyond checking a file. */
export type OpenedAddress =
  | { kind: 'kept'; secret: string }
  /** Of a print-out: the file that it means. */
  | { kind: 'document'; sha256: string };

const FORMS: Record<string, { form: RegExp; of: (value: string) => OpenedAddress }> = {
  kept: { form: /^[A-Za-z0-9_-]{43}$/, of: (secret) => ({ kind: 'kept', secret }) },
  sha256: { form: /^[0-9a-f]{64}$/i, of: (sha256) => ({ kind: 'document', sha256: sha256.toLowerCase() }) },
};

/** Reads the fragment, which no server and no proxy sees; undefined: nothing of ours. */
export function readAddress(fragment: string): OpenedAddress | undefined {
  const [name, value = ''] = fragment.replace(/^#/, '').split('=', 2);
  const known = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  return known?.form.test(value) ? known.of(value) : undefined;
}
