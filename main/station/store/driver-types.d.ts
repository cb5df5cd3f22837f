declare module 'better-sqlite3-multiple-ciphers' {
  interface Statement {
    /** Whether it answers rows at all. */
    readonly reader: boolean;
    run(...parameters: unknown[]): { changes: number };
    get(...parameters: unknown[]): unknown;
    all(...parameters: unknown[]): unknown[];
  }
  export default class Database {
    constructor(file: string, options?: { readonly?: boolean });
    pragma(source: string): unknown;
    prepare(sql: string): Statement;
    exec(sql: string): this;
    close(): this;
  }
}
