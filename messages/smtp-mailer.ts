import { createTransport } from 'nodemailer';

import type { Messenger } from '../ra/messages/message.ts';

export interface SmtpOptions {
  /** `smtp://` (STARTTLS where the server offers it) or `smtps://`, with user and password where it wants them. */
  url: string;
  /** Address that stands in From. */
  from: string;
  connectMilliseconds?: number;
  answerMilliseconds?: number;
}

const DEFAULTS = { connectMilliseconds: 5_000, answerMilliseconds: 10_000 };

export interface SmtpMailer extends Messenger {
  close(): void;
}

/** Hands e-mails to one SMTP server (RFC 5321); 5xx is a refusal for good. */
export function openSmtpMailer(options: SmtpOptions): SmtpMailer {
  const { url, from, connectMilliseconds, answerMilliseconds } = { ...DEFAULTS, ...options };
  const transport = createTransport({
    url,
    connectionTimeout: connectMilliseconds,
    greetingTimeout: answerMilliseconds,
    socketTimeout: answerMilliseconds,
    // Nothing is read from files or addresses that a text might name.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '');
  return {
    send: async ({ id, to, subject, text }) => {
      // The same Message-ID each time it is tried (RFC 5322 §3.6.4): mailboxes show it once.
      const mail = { from, to, subject, text, messageId: `<${id}@${domain}>` };
      const failure = await transport.sendMail(mail).then(
        () => undefined,
        // What the library says repeats the address.
        ({ responseCode = 0 }: { responseCode?: number }) => ({ responseCode }),
      );
      if (!failure) return 'taken';
      if (failure.responseCode >= 500) return 'refused';
      throw new Error(`the mail server did not take it: ${failure.responseCode || 'no answer'}`);
    },
    close: () => transport.close(),
  };
}
