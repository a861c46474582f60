/** What asks for help instead of a command, or after one. */
export const HELP_WORDS: readonly string[] = ['help', '--help', '-h'];
