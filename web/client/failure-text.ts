import type { TextKey } from '../i18n/catalogue.ts';
import { en } from '../i18n/catalogue.ts';
import { CardAgentError } from './card-agent-error.ts';
import { ConnectionError, PasskeyError, ProblemError } from './problem.ts';

export interface FailureText {
  key: TextKey;
  /** For whoever is called about it. */
  code: string;
}

/** The sentence that says what to do about a failure: of its code, else of its status. */
export function failureText(error: unknown): FailureText {
  if (error instanceof ConnectionError) return { key: 'problem.connection', code: 'connection' };
  if (error instanceof PasskeyError) return { key: `problem.${error.code}`, code: error.code };
  if (error instanceof CardAgentError) {
    const key = `agent.${error.code}`;
    return { key: isTextKey(key) ? key : 'agent.failed', code: error.code };
  }
  if (error instanceof ProblemError) {
    const keys = [`problem.${error.code}`, `problem.status-${error.status}`];
    return { key: keys.find(isTextKey) ?? 'problem.unexpected', code: error.code };
  }
  return { key: 'problem.unexpected', code: 'page' };
}

function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}
