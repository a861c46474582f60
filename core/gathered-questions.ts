interface Waiting<Question, Answer> {
  question: Question;
  answer(answer: Answer): void;
  fail(error: unknown): void;
}

/**
 * Turns a source that answers many questions at once into one that is asked one by one: all that is asked in one turn of the
 * event loop goes into one question of at most `countMax`. An answer is never older than its question.
 */
export function gatherQuestions<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  countMax: number,
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  const flush = async () => {
    const asked = waiting;
    waiting = [];
    if (asked.length === 0) return;
    try {
      const answers = await ask(asked.map(({ question }) => question));
      if (answers.length !== asked.length)
        throw new Error(`${answers.length} answers to ${asked.length} questions`);
      asked.forEach(({ answer }, index) => answer(answers[index]));
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  };
  return (question) =>
    new Promise((answer, fail) => {
      if (waiting.length === 0) setImmediate(() => void flush());
      waiting.push({ question, answer, fail });
      if (waiting.length === countMax) void flush();
    });
}
