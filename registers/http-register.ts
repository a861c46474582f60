import type {
  CircuitState,
  LookUp,
  Register,
  RegisterClaims,
  RegisterName,
} from '../ra/registers/register.ts';
import { JWS_TYPES, JwsVerifier } from './detached-jws.ts';
import { ExchangeFault, openExchange } from './exchange.ts';
import type { Exchange, ExchangeOptions } from './exchange.ts';
import { questionOf, readAnswer } from './register-protocol.ts';

export interface HttpRegisterOptions extends ExchangeOptions {
  /** JWK set; those of its keys count that name this register. */
  jwks: unknown;
}

/** A register behind one HTTP address whose answers are signed. */
export class HttpRegister<Name extends RegisterName> implements Register<Name> {
  readonly #name: Name;
  readonly #exchange: Exchange;
  readonly #verifier: JwsVerifier;

  private constructor(name: Name, exchange: Exchange, verifier: JwsVerifier) {
    this.#name = name;
    this.#exchange = exchange;
    this.#verifier = verifier;
  }

  /** Throws DomainError `register-keys-malformed`; asks nobody yet. */
  static async open<Name extends RegisterName>(
    name: Name,
    options: HttpRegisterOptions,
  ): Promise<HttpRegister<Name>> {
    const verifier = await JwsVerifier.of(options.jwks, name, JWS_TYPES.answer);
    return new HttpRegister(name, openExchange(options), verifier);
  }

  async lookUp(claim: RegisterClaims[Name], requestId: string): Promise<LookUp<Name>> {
    try {
      const { raw, signature } = await this.#exchange.ask({ body: questionOf(this.#name, claim, requestId) });
      if (!(await this.#verifier.verify(raw, signature)))
        return { kind: 'unavailable', fault: 'answer-unsigned', raw };
      return readAnswer(this.#name, requestId, raw);
    } catch (error) {
      if (error instanceof ExchangeFault) return { kind: 'unavailable', fault: error.fault };
      throw error;
    }
  }

  circuit(): CircuitState {
    return this.#exchange.circuit();
  }
}
