/** One measured number; `peer` is the same work done by other software in the same run, in the same unit. */
export interface BenchFigure {
  /** `<bench>.<what>`, stable over releases. */
  id: string;
  value: number;
  unit: string;
  peer?: { name: string; value: number };
  /** value / peer.value. */
  ratio?: number;
  /** The same measured at several sizes is a curve. */
  curve?: { id: string; size: number };
}

/** What `mohr bench <name> --json` prints. */
export interface BenchReport {
  bench: string;
  /** Machine, versions, durations: what one needs to run it again. */
  conditions: Record<string, string | number>;
  figures: BenchFigure[];
}

/** Of 10,000, 100,000 and 1,000,000: 10k, 100k, 1m. */
export function sizeName(size: number): string {
  if (size >= 1_000_000 && size % 1_000_000 === 0) return `${size / 1_000_000}m`;
  return size >= 1_000 && size % 1_000 === 0 ? `${size / 1_000}k` : String(size);
}
