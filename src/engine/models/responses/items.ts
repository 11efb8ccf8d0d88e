import type { ChatDelta, CodeOutput, FileSearchResult } from '../delta.ts';
import { argumentsIn, type JsonObject, numberIn, objectsIn, textIn } from '../endpoint/json.ts';
import { Citations } from './citations.ts';

interface Item {
  type: string;
  /** Its place among the calls of its kind. */
  place: number;
  /** What of its text, arguments or code has been written. */
  written: string;
  isDone: boolean;
}

const resultsIn = (item: JsonObject): FileSearchResult[] | null =>
  Array.isArray(item['results'])
    ? objectsIn(item, 'results').map((result) => ({
        fileId: textIn(result, 'file_id') ?? '',
        fileName: textIn(result, 'filename') ?? '',
        score: numberIn(result, 'score') ?? 0,
        text: textIn(result, 'text') ?? null,
      }))
    : null;

const outputsIn = (item: JsonObject): CodeOutput[] =>
  objectsIn(item, 'outputs').flatMap((output): CodeOutput[] => {
    const url = textIn(output, 'url');
    if (output['type'] === 'logs') return [{ type: 'logs', logs: textIn(output, 'logs') ?? '' }];
    return output['type'] === 'image' && url !== undefined ? [{ type: 'image', url }] : [];
  });

const queriesIn = ({ queries }: JsonObject): string[] => (Array.isArray(queries) ? queries.map(String) : []);

/** The items of one response: messages, function calls and calls of hosted tools. Others are passed over. */
export class ResponseItems {
  readonly #items = new Map<number | string, Item>();
  readonly citations: Citations;
  functionCalls = 0;
  #hostedCalls = 0;

  constructor(hasMarkers: boolean) {
    this.citations = new Citations(hasMarkers);
  }

  has(key: number | string): boolean {
    return this.#items.has(key);
  }

  begin(key: number | string, item: JsonObject, deltas: ChatDelta[]): Item {
    const known = this.#items.get(key);
    if (known !== undefined) return known;
    const begun: Item = { type: textIn(item, 'type') ?? '', place: 0, written: '', isDone: false };
    this.#items.set(key, begun);
    if (begun.type === 'message') this.citations.beginPart(deltas);
    if (begun.type === 'function_call') {
      begun.place = this.functionCalls;
      this.functionCalls += 1;
      this.citations.restart();
      deltas.push({ type: 'tool_call', index: begun.place, name: textIn(item, 'name') ?? '' });
    }
    if (begun.type === 'file_search_call' || begun.type === 'code_interpreter_call') {
      begun.place = this.#hostedCalls;
      this.#hostedCalls += 1;
      this.citations.restart();
      const tool = begun.type === 'file_search_call' ? 'file_search' : 'code_interpreter';
      deltas.push({ type: 'hosted_call', index: begun.place, tool });
    }
    return begun;
  }

  /** Writes one more piece of the item's text, arguments or code. */
  write(item: Item, piece: string, deltas: ChatDelta[]): void {
    if (piece === '') return;
    item.written += piece;
    if (item.type === 'message') this.citations.write(piece, deltas);
    if (item.type === 'function_call') deltas.push({ type: 'arguments', index: item.place, arguments: piece });
    if (item.type === 'code_interpreter_call') deltas.push({ type: 'code', index: item.place, code: piece });
  }

  /** Ends an item: what of it has not been streamed is written. */
  end(key: number | string, whole: JsonObject, deltas: ChatDelta[]): void {
    const item = this.begin(key, whole, deltas);
    if (item.isDone) return;
    item.isDone = true;
    const rest = (text: string) => (text.startsWith(item.written) ? text.slice(item.written.length) : '');
    switch (item.type) {
      case 'message':
        if (item.written === '') this.#writeParts(item, whole, deltas);
        return;
      case 'function_call':
        this.write(item, rest(argumentsIn(whole)), deltas);
        if (item.written === '') this.write(item, '{}', deltas);
        return;
      case 'file_search_call': {
        const result = { type: 'file_search', queries: queriesIn(whole), results: resultsIn(whole) } as const;
        deltas.push({ type: 'hosted_result', index: item.place, result });
        return;
      }
      case 'code_interpreter_call': {
        this.write(item, rest(textIn(whole, 'code') ?? ''), deltas);
        const containerId = textIn(whole, 'container_id') ?? null;
        const result = { type: 'code_interpreter', containerId, outputs: outputsIn(whole) } as const;
        deltas.push({ type: 'hosted_result', index: item.place, result });
      }
    }
  }

  /** Writes a message that came whole, with each citation at its place. */
  #writeParts(item: Item, message: JsonObject, deltas: ChatDelta[]): void {
    for (const part of objectsIn(message, 'content')) {
      const refusal = textIn(part, 'refusal');
      if (refusal !== undefined && item.written === '') deltas.push({ type: 'refusal', refusal });
      const text = textIn(part, 'text') ?? '';
      const placeOf = (annotation: JsonObject) => numberIn(annotation, 'index') ?? text.length;
      let written = 0;
      for (const annotation of objectsIn(part, 'annotations').toSorted((a, b) => placeOf(a) - placeOf(b))) {
        this.write(item, text.slice(written, placeOf(annotation)), deltas);
        written = Math.max(written, placeOf(annotation));
        this.citations.cite(annotation, deltas);
      }
      this.write(item, text.slice(written), deltas);
    }
  }
}
