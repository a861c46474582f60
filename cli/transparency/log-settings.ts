import { resolve } from 'node:path';

/** What a deployment chooses about its transparency log. */
export interface LogSettings {
  /** Absent: `log` in the data directory. */
  logDirectory?: string;
  checkpointSeconds: number;
  /** File with one witness a line. */
  logWitnesses?: string;
}

/** Rows of `SETTINGS`. */
export const LOG_SETTINGS = {
  logDirectory: {
    flag: 'log-dir',
    variable: 'MOHR_LOG_DIR',
    fallback: '(log in the data directory)',
    meaning:
      'where tiles, checkpoints and certificates of the transparency log are kept outside of the database; a service that is started over an older database than these tell of answers nothing (docs/BACKUP.md)',
  },
  checkpointSeconds: {
    flag: 'checkpoint-seconds',
    variable: 'MOHR_CHECKPOINT_SECONDS',
    fallback: '5',
    meaning:
      'how often the transparency log is signed, kept outside and shown to witnesses when it has grown, 1 to 3600',
  },
  logWitnesses: {
    flag: 'log-witnesses',
    variable: 'MOHR_LOG_WITNESSES',
    fallback: '(none)',
    meaning: 'file with the witnesses of the log, one a line: verifier key and URL (docs/AUDIT.md)',
  },
} as const;

export interface LogSettingsSource {
  text(name: keyof typeof LOG_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof LOG_SETTINGS): string;
}

const CHECKPOINT_SECONDS_MAX = 3600;

/** Reads the settings; what is wrong goes to `faults`. */
export function readLogSettings({ text, where }: LogSettingsSource, faults: string[]): LogSettings {
  const seconds = text('checkpointSeconds') ?? LOG_SETTINGS.checkpointSeconds.fallback;
  const checkpointSeconds = /^[0-9]{1,4}$/.test(seconds) ? Number(seconds) : NaN;
  if (!(checkpointSeconds >= 1 && checkpointSeconds <= CHECKPOINT_SECONDS_MAX))
    faults.push(`${where('checkpointSeconds')}: "${seconds}", expected 1 to ${CHECKPOINT_SECONDS_MAX}`);
  const [logDirectory, logWitnesses] = [text('logDirectory'), text('logWitnesses')];
  return {
    checkpointSeconds,
    ...(logDirectory !== undefined && { logDirectory: resolve(logDirectory) }),
    ...(logWitnesses !== undefined && { logWitnesses: resolve(logWitnesses) }),
  };
}
