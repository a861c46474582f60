/** One measured number; `peer` is the same work done by other software in the same run, in the same unit. */
export interface BenchFigure {
  /** `<bench>.<what>`, stable over releases. */
  id: string;
  value: number;
  unit: string;
  peer?: { name: string; value: number };
  /** value / peer.value. */
  ratio?: number;
}

/** What `mohr bench <name> --json` prints. */
export interface BenchReport {
  bench: string;
  /** Machine, versions, durations: what one needs to run it again. */
  conditions: Record<string, string | number>;
  figures: BenchFigure[];
}
