import { Button, Stack } from '@mantine/core';

import { useEndOwnSessions, useOwnSessions } from '../../client/sessions.ts';
import type { OwnSession } from '../../client/sessions.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Badge } from '../../parts/badge.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Section } from '../../parts/section.tsx';
import { browserOf } from './browser-of.ts';

const METHODS: Record<OwnSession['method'], TextKey> = {
  link: 'sessions.by-link',
  passkey: 'sessions.by-passkey',
  certificate: 'sessions.by-certificate',
};

/** Where the officer is signed in; ends one session, or all others. */
export function SessionsSection() {
  const sessions = useOwnSessions();
  const end = useEndOwnSessions();
  const { t } = useSpeech();
  return (
    <Section title={t('sessions.title')}>
      <FailureAlert error={end.error} />
      <Answer query={sessions}>
        {({ items }) => (
          <Stack gap="sm">
            <ItemList items={items} empty={t('sessions.none')}>
              {(session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  isPending={end.isPending}
                  onEnd={() => end.mutate(session)}
                />
              )}
            </ItemList>
            <Button
              variant="default"
              onClick={() => end.mutate('others')}
              loading={end.isPending}
              disabled={items.every(({ isCurrent }) => isCurrent)}
              style={{ alignSelf: 'start' }}
            >
              {t('sessions.end-others')}
            </Button>
          </Stack>
        )}
      </Answer>
    </Section>
  );
}

interface SessionRowProps {
  session: OwnSession;
  isPending: boolean;
  onEnd: () => void;
}

function SessionRow({ session, isPending, onEnd }: SessionRowProps) {
  const { t, format } = useSpeech();
  const { isCurrent, method, createdAt, lastSeenAt, openedFrom, userAgent } = session;
  const place = openedFrom === undefined ? t('sessions.place-unknown') : `\u2066${openedFrom}\u2069`;
  const detail = [
    t('sessions.opened', { at: format.instant(createdAt), how: t(METHODS[method]) }),
    t('sessions.seen', { at: format.instant(lastSeenAt) }),
    place,
  ];
  return (
    <ItemRow
      title={<bdi>{browserOf(userAgent) ?? t('sessions.browser-unknown')}</bdi>}
      mark={isCurrent && <Badge tone="good">{t('sessions.current')}</Badge>}
      detail={detail.join(' · ')}
      action={
        !isCurrent && (
          <Button variant="default" size="sm" onClick={onEnd} disabled={isPending}>
            {t('sessions.end')}
          </Button>
        )
      }
    />
  );
}
