/** What is typed; each of them is a secret. */
export type SecretName =
  'transportPin' | 'transportPuk' | 'pin' | 'newPin' | 'newPinAgain' | 'newPuk' | 'newPukAgain' | 'puk';

/** What somebody at the workstation is asked. */
export type Question =
  | { kind: 'pairing'; origin: string; code: string }
  | {
      kind: 'secrets';
      /** Name of the operation, for the title. */
      operation: string;
      origin: string;
      cardSerial: string;
      secrets: readonly SecretName[];
      /** Why it is asked again, or a warning: a code of the texts. */
      notice?: string;
      document?: ShownDocument;
    }
  | {
      kind: 'pin-pad';
      operation: string;
      origin: string;
      cardSerial: string;
      document?: ShownDocument;
    };

/** A document that is about to be signed. */
export interface ShownDocument {
  /** In the asker's words. */
  display: string;
  /** The octets themselves, where they are text. */
  text?: string;
  sha256: string;
}

export type Answers = Partial<Record<SecretName, string>>;

/** One matter that somebody at the workstation is asked about, perhaps several times. */
export interface Conversation {
  /** Where it is answered in a browser; empty at a terminal. */
  url: string;
  /** Throws AgentError `prompt-cancelled` or `prompt-expired`. */
  ask(question: Question): Promise<Answers>;
  /** Tells the outcome: `done`, `refused`, or the code of a failure. */
  end(outcome: string): void;
}

/** How the agent asks the person at the workstation. */
export interface Prompter {
  open(): Conversation;
}
