const PEM =
  /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----/;
/** The service takes no more. */
export const REQUEST_CHARACTERS_MAX = 32_768;
const LINE_CHARACTERS = 64;
const DER_SEQUENCE = 0x30;

/** Whether a text is a PEM certificate request, as far as its outside shows; the service reads its inside. */
export function isCertificationRequest(text: string): boolean {
  const base64 = PEM.exec(text)?.[1]?.replace(/\s/g, '');
  if (base64 === undefined || text.length > REQUEST_CHARACTERS_MAX) return false;
  try {
    return atob(base64).charCodeAt(0) === DER_SEQUENCE;
  } catch {
    return false;
  }
}

/** A file's request as PEM: DER is wrapped, text stays as it is. */
export function requestOfFile(octets: Uint8Array): string {
  if (octets[0] !== DER_SEQUENCE) return new TextDecoder().decode(octets);
  const base64 = btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''));
  const lines = base64.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
}
