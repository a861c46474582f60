declare module 'pgpass' {
  interface Connection {
    host: string | undefined;
    port: number | undefined;
    database: string | undefined;
    user: string | undefined;
  }

  /** Calls back with the password of the first line that fits; undefined: none does, or others may read the file. */
  export default function pgpass(of: Connection, found: (password?: string) => void): void;
}
