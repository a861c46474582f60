import type { Logger } from 'pino';

import { Pulse } from '../ca/crl/pulse.ts';
import { AnswerPreparer } from '../ocsp/answer-preparer.ts';
import { HotSet } from '../ocsp/hot-set.ts';
import type { HotAnswer } from '../ocsp/hot-set.ts';
import type { OcspResponder } from '../ocsp/responder.ts';
import { HotSetFile } from './hot-set-file.ts';

export interface PreparedResponder {
  responder: OcspResponder;
  hotSet: HotSet;
  /** Has the answers about what changed signed at once, where they are asked for. */
  changed(changes: readonly { authorityId: string; serialNumber: Buffer }[]): void;
  close(): Promise<void>;
}

export interface PrepareAnswersOptions {
  logger: Logger;
  dataDirectory?: string | undefined;
  /** Signatures per second that each responder key has been measured to make. */
  speeds: readonly number[];
  onFault: (error: unknown) => void;
}

/** What is not prepared then is prepared while requests come: a start may not take longer because a key is slow. */
const FIRST_MILLISECONDS_MAX = 10_000;
const ROUND_MILLISECONDS = 5_000;
const FILE_MILLISECONDS = 60_000;

/** Of what a key can sign, so much goes to answers that nobody waits for; a fast one in this process keeps others waiting. */
const BUDGET_SHARE = 0.25;
const BUDGET_MAX = 500;

/** Opens a responder, has its hot set signed before anybody is let in, and from then on ahead of those who ask. */
export async function prepareAnswers(
  { logger, dataDirectory, speeds, onFault }: PrepareAnswersOptions,
  open: (onAsked: (hot: HotAnswer) => void) => OcspResponder,
): Promise<PreparedResponder> {
  const file = dataDirectory === undefined ? undefined : new HotSetFile(dataDirectory);
  const hotSet = (await file?.read()) ?? new HotSet();
  const responder = open((hot) => hotSet.note(hot));
  const signaturesPerSecond = Math.max(1, Math.min(BUDGET_MAX, Math.min(...speeds) * BUDGET_SHARE));
  const preparer = new AnswerPreparer({ hotSet, responder, onFault, signaturesPerSecond });
  await preparer.prepareFirst(FIRST_MILLISECONDS_MAX);
  logger.info({ answers: hotSet.size, signaturesPerSecond }, 'OCSP answers prepared');
  const save = async () => file?.write(hotSet).catch(onFault);
  const rounds = new Pulse({ intervalMilliseconds: ROUND_MILLISECONDS, work: () => preparer.prepare() });
  const saves = new Pulse({ intervalMilliseconds: FILE_MILLISECONDS, work: save });
  rounds.wake();
  saves.wake();
  return {
    responder,
    hotSet,
    changed: (changes) => void preparer.changed(changes),
    close: async () => {
      await preparer.stop();
      await rounds.stop();
      await saves.stop();
      await save();
    },
  };
}
