import type { ChatDelta } from '../delta.ts';
import { argumentsIn, type JsonObject, numberIn, objectIn, textIn } from '../endpoint/json.ts';
import { ModelError } from '../modelError.ts';

interface OpenCall {
  /** As the endpoint numbers it; undefined if it does not. */
  index: number | undefined;
  id: string | undefined;
  name: string;
  /** Its place among the calls of the completion, once its name is known. */
  place: number | undefined;
  written: string;
  /** How much of `written` has been passed on. */
  passedOn: number;
}

const isCompleteJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Puts calls together from the fragments in which endpoints send them: numbered or not, all numbered 0, with their id and
 * name once, in each fragment, blank, or late. A fragment begins a new call if it brings an unknown number, an unknown id unless
 * it has the number of a call and no name (vLLM#23522), or a name after arguments that are complete; otherwise it continues the
 * call of its id or number, or the last one.
 * Names may come in pieces, and are recognized by the `functions` of the request.
 */
export class ToolCalls {
  readonly #functions: readonly string[];
  readonly #calls: OpenCall[] = [];
  #named = 0;

  constructor(functions: readonly string[]) {
    this.#functions = functions;
  }

  get count(): number {
    return this.#named;
  }

  /** Takes the fragments of one chunk, and appends the deltas that come of them. */
  take(fragments: readonly JsonObject[], deltas: ChatDelta[]): void {
    const touched = new Set<OpenCall>();
    for (const fragment of fragments) {
      const called = objectIn(fragment, 'function');
      const id = textIn(fragment, 'id');
      const index = numberIn(fragment, 'index');
      const name = textIn(called, 'name');
      const known = this.#callOf(index, id, name, touched);
      const call = known ?? { index, id, name: '', place: undefined, written: '', passedOn: 0 };
      if (known === undefined) {
        this.#passOnAll(deltas);
        this.#calls.push(call);
      }
      touched.add(call);
      call.id ??= id;
      call.name = this.#nameWith(call.name, name);
      call.written += argumentsIn(called);
      this.#passOn(call, deltas, false);
    }
  }

  /** Appends what was held back. @throws {ModelError} if a call was never named. */
  end(deltas: ChatDelta[]): void {
    this.#passOnAll(deltas);
    for (const { name, place, written } of this.#calls) {
      if (name === '' && written !== '') {
        throw new ModelError('server_error', 'The model called a function without naming it.');
      }
      if (place !== undefined && written.trim() === '')
        deltas.push({ type: 'arguments', index: place, arguments: '{}' });
    }
  }

  #callOf(index: number | undefined, id: string | undefined, name: string | undefined, touched: Set<OpenCall>) {
    const isNumbered = (call: OpenCall) => index === undefined || call.index === undefined || call.index === index;
    const byId = id === undefined ? undefined : this.#calls.findLast((call) => call.id === id && isNumbered(call));
    if (byId !== undefined) return byId;
    const call = index === undefined ? this.#calls.at(-1) : this.#calls.findLast((each) => each.index === index);
    if (call === undefined) return undefined;
    const isContinued = name === undefined && index !== undefined;
    if (id !== undefined && call.id !== undefined && !isContinued) return undefined;
    if (name === undefined) return call;
    const isAnother =
      (touched.has(call) && index === undefined) ||
      isCompleteJson(call.written) ||
      (this.#functions.includes(call.name) && name !== call.name && !this.#isBeginning(call.name + name));
    return isAnother ? undefined : call;
  }

  #isBeginning(name: string): boolean {
    return this.#functions.some((each) => each.startsWith(name));
  }

  /** The name so far with one more piece, or with the whole name once more. */
  #nameWith(name: string, piece: string | undefined): string {
    if (piece === undefined || piece === name) return name;
    return this.#functions.includes(name) && !this.#isBeginning(name + piece) ? name : name + piece;
  }

  #passOnAll(deltas: ChatDelta[]): void {
    for (const call of this.#calls) this.#passOn(call, deltas, true);
  }

  /** A name that may become a longer one is held until arguments follow it, or something else does. */
  #passOn(call: OpenCall, deltas: ChatDelta[], isNameComplete: boolean): void {
    const { name, written } = call;
    if (call.place === undefined) {
      const isOnlyOne = this.#functions.filter((each) => each.startsWith(name)).join() === name;
      if (name === '' || !(isOnlyOne || isNameComplete || written !== '')) return;
      call.place = this.#named;
      this.#named += 1;
      deltas.push({ type: 'tool_call', index: call.place, name });
    }
    if (call.passedOn === written.length) return;
    deltas.push({ type: 'arguments', index: call.place, arguments: written.slice(call.passedOn) });
    call.passedOn = written.length;
  }
}
