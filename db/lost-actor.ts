/** Of an event that a replay of the log gave back: who acted is not public, and nobody can tell any more. */
export const LOST_ACTOR = { kind: 'service', id: 'lost-in-a-restore' } as const;
