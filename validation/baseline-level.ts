/** Levels of baseline signatures, each on top of the one before (ETSI EN 319 122-1, 319 132-1, 319 142-1, TS 119 182-1, §6). */
export const BASELINE_LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
export type BaselineLevel = (typeof BASELINE_LEVELS)[number];

/** Whether a level is at least as high as another. */
export function reachesLevel(reached: BaselineLevel | undefined, wanted: BaselineLevel): boolean {
  return reached !== undefined && BASELINE_LEVELS.indexOf(reached) >= BASELINE_LEVELS.indexOf(wanted);
}
