/** What to say when a deployment runs as root; undefined: it does not, or is an evaluation with the embedded database. */
export function rootWarning(
  { databaseUrl }: { databaseUrl?: string },
  uid: number | undefined = process.getuid?.(),
): string | undefined {
  if (uid !== 0 || databaseUrl === undefined) return undefined;
  return 'mohr serve: RUNS AS ROOT: whoever breaks in owns the machine; give it a user of its own (docs/deployment)\n';
}
