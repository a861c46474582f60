import type { inspections as english } from '../en/inspections.ts';

export const inspections: Record<keyof typeof english, string> = {};
