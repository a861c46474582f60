import { Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

import { confirmCode, displayRequest, refuseRequest } from '../../client/device-requests.ts';
import type { SigningRequest } from '../../client/signing-request.ts';
import { ConnectionError } from '../../client/problem.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { toHex } from '../keys/octets.ts';
import { PhoneError } from '../keys/phone-error.ts';
import type { PhoneCredential, PhoneLock } from '../keys/phone-records.ts';
import { Countdown } from '../parts/countdown.tsx';
import { DocumentView } from '../parts/document-view.tsx';
import type { Unseen } from '../parts/document-view.tsx';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';
import { UnlockForm } from '../parts/unlock-form.tsx';
import styles from '../phone.module.css';
import { readRequest } from '../tasks/read-request.ts';
import type { ReadRequest } from '../tasks/read-request.ts';
import { isOver, signDocuments } from '../tasks/sign-documents.ts';
import { CodeChoice } from './code-choice.tsx';
import { OutcomePage } from './outcome-page.tsx';
import type { Outcome } from './outcome-page.tsx';
import { RefuseButton } from './refuse-button.tsx';
import { secondsToAnswer } from './seconds-to-answer.ts';

interface RequestPageProps {
  token: string;
  request: SigningRequest;
  credential: PhoneCredential;
  lock: PhoneLock;
  onDone(): void;
}

/** Who asks for which signature; the holder reads, picks the code that the clinic shows, unlocks the key, or refuses. */
export function RequestPage({ token, request, credential, lock, onDone }: RequestPageProps) {
  const { t } = useSpeech();
  const { id } = request;
  const [outcome, setOutcome] = useState<Outcome>();
  const [isConfirmed, setConfirmed] = useState(false);
  const shown = useShown(token, request, credential);
  const end = (state: string) => setOutcome({ state, count: request.documents.length });
  const settle = (error: Error) => {
    if (isOver(error)) end('OVER');
  };
  const code = useMutation({
    mutationFn: async (picked: string) => {
      const { state } = await confirmCode(token, id, picked);
      // The code of what stands on this screen was made here: a service that takes another one shows the clinic something else.
      if (state === 'DISPLAYED' && picked !== shown.data!.read.verificationCode)
        throw new PhoneError('request-differs');
      return state;
    },
    onSuccess: (state) => (state === 'DISPLAYED' ? setConfirmed(true) : end(state)),
    onError: settle,
  });
  const signing = useMutation({
    mutationFn: (pin: string | undefined) =>
      signDocuments(token, shown.data!.read, shown.data!.displayed.signingTime, pin),
    onSuccess: end,
    onError: settle,
  });
  const refusal = useMutation({
    mutationFn: () => refuseRequest(token, id),
    onSuccess: ({ state }) => end(state),
    onError: settle,
  });
  const isOverTime = useCallback(() => setOutcome((known) => known ?? { state: 'TIMEOUT', count: 0 }), []);
  if (outcome) return <OutcomePage outcome={outcome} onDone={onDone} />;
  if (isOver(shown.error)) return <OutcomePage outcome={{ state: 'OVER', count: 0 }} onDone={onDone} />;
  const isBusy = code.isPending || signing.isPending || refusal.isPending;
  return (
    <Stack className={styles.request}>
      <div className={styles.asker}>
        <Text size="sm">{t('phone.asks')}</Text>
        <Title order={1} size="h2">
          <bdi>{request.displayedName}</bdi>
        </Title>
        {shown.data && <Countdown seconds={shown.data.seconds} onEnd={isOverTime} />}
      </div>
      <PhoneFailureAlert error={shown.error} />
      {shown.isPending && <Text role="status">{t('app.loading')}</Text>}
      {shown.data && (
        <>
          <Text>{t('phone.documents', { count: request.documents.length })}</Text>
          {shown.data.read.shown.map((document, index) => (
            <DocumentView
              key={index}
              document={document}
              number={index + 1}
              of={request.documents.length}
              unseen={unseenOf(shown.data.read, index)}
            />
          ))}
          {isConfirmed ? (
            <section className={styles.card} aria-label={t('phone.sign-title')}>
              <Stack>
                <Title order={2} size="h4">
                  {t('phone.sign-title')}
                </Title>
                <UnlockForm
                  lock={lock}
                  action={t('phone.sign', { count: request.documents.length })}
                  isPending={signing.isPending}
                  error={signing.error}
                  onUnlock={(pin) => signing.mutate(pin)}
                />
              </Stack>
            </section>
          ) : (
            <CodeChoice
              choices={shown.data.displayed.codeChoices}
              isPending={code.isPending}
              error={code.error}
              onChoose={(picked) => code.mutate(picked)}
            />
          )}
        </>
      )}
      <RefuseButton
        isPending={refusal.isPending}
        isBlocked={isBusy}
        error={refusal.error}
        onRefuse={() => refusal.mutate()}
      />
    </Stack>
  );
}

/** What the words on the screen stand for: nothing where the document itself is shown. */
function unseenOf({ request, hashes, contents }: ReadRequest, index: number): Unseen | undefined {
  if (request.documents[index].displayText === undefined) return undefined;
  const pdf = contents[index];
  return { sha256: toHex(hashes[index]), ...(pdf && { pdf }) };
}

/** What stands on the screen, and what the service answers to being told of it. */
function useShown(token: string, request: SigningRequest, { sha256 }: PhoneCredential) {
  return useQuery({
    queryKey: ['request', request.id],
    queryFn: async () => {
      const read = await readRequest(request, sha256);
      const displayed = await displayRequest(token, request.id, read.displaySha256);
      if (!displayed.codeChoices.includes(read.verificationCode)) throw new PhoneError('request-differs');
      return { read, displayed, seconds: secondsToAnswer(request, displayed) };
    },
    retry: (failures, error) => error instanceof ConnectionError && failures < 3,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}
