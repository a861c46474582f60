/** Whom events name for what the service does by itself. */
export const SERVICE = { kind: 'service', id: 'mohr-serve' } as const;
