import { isUuid } from '../../core/ids.ts';
import type { ApplicationId } from '../../ra/application.ts';

/** RFC 7617 §2.1: the realm, and that names and passwords are UTF-8. */
export const BASIC_CHALLENGE = 'Basic realm="activation", charset="UTF-8"';

/** Digits of the code, which stand behind the secret of the desk; that one has 22 characters of base64url. */
const CODE_CHARACTERS = 8;
const HEADER_CHARACTERS_MAX = 512;

export interface ActivationCredentials {
  applicationId: ApplicationId;
  deskSecret: string;
  code: string;
}

/** The application and the two secrets of its activation; undefined when the header is not of that form. */
export function readBasicCredentials(header: string | undefined): ActivationCredentials | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec((header ?? '').slice(0, HEADER_CHARACTERS_MAX)) ?? [];
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [user, password] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (!isUuid(user) || password.length <= CODE_CHARACTERS) return undefined;
  return {
    applicationId: user as ApplicationId,
    deskSecret: password.slice(0, -CODE_CHARACTERS),
    code: password.slice(-CODE_CHARACTERS),
  };
}
