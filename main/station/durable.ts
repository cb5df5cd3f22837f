/**
 * Where the station says what durable thing it is about to do or has just done, so that the fault bench can kill it exactly there.
 * In production these functions are empty and there is nothing that could be armed: the bench starts its stations with
 * `node --conditions=photodock-faults`, under which `#durable` is another module (package.json "imports"; docs/adr/0016).
 */

/** Everything that happens within `work` belongs to this step (`seal`, `call captures.file`, ...). */
export function within<T>(_step: string, work: () => T): T {
  return work();
}

/** The step around this point of the program; handed to `passing` where the work is done by a queue for somebody else. */
export function here(): string | undefined {
  return undefined;
}

/** The program passes a point before, inside or after something durable (`before commit`, `sealed file renamed`, ...). */
export function passing(_point: string, _step?: string): void {}

/** Steps that exist in this process: what is declared must be seen by the bench, so that none can be forgotten. */
export function declareSteps(_names: readonly string[]): void {}
