import { Type } from 'typebox';
import type { Static } from 'typebox';

import type { HolderFile } from '../../ra/holders/read-holder-file.ts';
import { Instant, Uuid } from '../schemas.ts';

const EVENTS = [
  'application-filed',
  'application-decided',
  'issued',
  'held',
  'released',
  'revoked',
  'expires',
  'cause-laid',
  'cause-lifted',
] as const;

export const TimelineEntry = Type.Object({
  at: Instant,
  event: Type.Enum(EVENTS),
  applicationId: Type.Optional(Uuid),
  authority: Type.Optional(Type.String()),
  serialNumber: Type.Optional(Type.String()),
  state: Type.Optional(Type.String({ description: 'Of the application, as it is now' })),
  reason: Type.Optional(Type.String({ description: 'Of a hold or revocation, or the cause' })),
  by: Type.Optional(Type.String({ examples: ['officer:0190a000-0000-7000-8000-000000000000', 'holder'] })),
});

type Entry = Omit<Static<typeof TimelineEntry>, 'at'> & { at: Date };

/** The parts of a file in the order of their times; of one second, as they stand in the file. */
export function timelineOf({ applications, certificates }: HolderFile) {
  const entries = [
    ...applications.flatMap(entriesOfApplication),
    ...certificates.flatMap(entriesOfCertificate),
  ];
  return entries
    .sort((a, b) => secondOf(a) - secondOf(b))
    .map(({ at, ...entry }) => ({ at: at.toISOString(), ...entry }));
}

/** Statuses have whole seconds. */
function secondOf({ at }: Entry): number {
  return Math.floor(at.getTime() / 1000);
}

function entriesOfApplication(one: HolderFile['applications'][number]): Entry[] {
  const { id: applicationId, state } = one;
  return [
    { at: one.filedAt, event: 'application-filed', applicationId, state, by: `officer:${one.filedBy}` },
    ...(one.decidedAt
      ? [
          {
            at: one.decidedAt,
            event: 'application-decided' as const,
            applicationId,
            state,
            ...(one.decidedBy && { by: `officer:${one.decidedBy}` }),
          },
        ]
      : []),
  ];
}

function entriesOfCertificate(one: HolderFile['certificates'][number]): Entry[] {
  const named = { authority: one.authorityId, serialNumber: one.serialNumber.toString('hex') };
  return [
    ...one.history.map(({ effectiveAt, event, reason }): Entry => ({
      at: effectiveAt,
      event,
      ...named,
      ...(reason && { reason }),
    })),
    ...one.causes.flatMap(({ laidAt, cause, laidBy, lifted }): Entry[] => [
      { at: laidAt, event: 'cause-laid', ...named, reason: cause, by: laidBy },
      ...(lifted
        ? [{ at: lifted.at, event: 'cause-lifted' as const, ...named, reason: cause, by: lifted.by }]
        : []),
    ]),
    { at: one.notAfter, event: 'expires', ...named },
  ];
}
