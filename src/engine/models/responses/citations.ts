import type { ChatAnnotation, ChatDelta } from '../delta.ts';
import { type JsonObject, numberIn, textIn } from '../endpoint/json.ts';

/**
 * Writes the text of a completion, with its citations.
 *
 * Responses cites a file at a point of the text, the Assistants API by a stretch of it, which clients replace by a
 * footnote. So a marker such as `【0†report.pdf】` is written wherever a citation comes, and cited as that stretch.
 * Within JSON there is no room for one: there the stretch is empty.
 */
export class Citations {
  readonly #hasMarkers: boolean;
  /** Since the beginning or the last call, with markers. */
  #text = '';
  /** Of the markers in `#text`, the place in the endpoint's text, and the length. */
  #markers: { at: number; length: number }[] = [];
  #sourceLength = 0;
  #partStart = 0;
  #count = 0;

  constructor(hasMarkers: boolean) {
    this.#hasMarkers = hasMarkers;
  }

  write(text: string, deltas: ChatDelta[]): void {
    if (text === '') return;
    this.#text += text;
    this.#sourceLength += text.length;
    deltas.push({ type: 'text', text });
  }

  /** Begins a part, from whose beginning the endpoint counts. What goes before it is set apart by an empty line. */
  beginPart(deltas: ChatDelta[]): void {
    if (this.#text !== '') this.write('\n\n', deltas);
    this.#partStart = this.#sourceLength;
  }

  /** A call begins: what is written after it is counted by itself. */
  restart(): void {
    this.#text = '';
    this.#markers = [];
    this.#sourceLength = 0;
    this.#partStart = 0;
  }

  /** Cites as an annotation of the endpoint says. Annotations of the web are passed over. */
  cite(annotation: JsonObject, deltas: ChatDelta[]): void {
    const fileId = textIn(annotation, 'file_id');
    if (fileId === undefined) return;
    const fileName = textIn(annotation, 'filename') ?? null;
    const point = numberIn(annotation, 'index');
    switch (annotation['type']) {
      case 'file_citation': {
        const [startIndex, endIndex] = this.#hasMarkers
          ? this.#mark(fileName ?? fileId, deltas)
          : this.#stretch(point, point);
        return this.#push({ type: 'file_citation', fileId, fileName, startIndex, endIndex }, deltas);
      }
      case 'file_path':
      case 'container_file_citation': {
        const start = numberIn(annotation, 'start_index') ?? point;
        const [startIndex, endIndex] = this.#stretch(start, numberIn(annotation, 'end_index') ?? start);
        const containerId = textIn(annotation, 'container_id') ?? null;
        return this.#push({ type: 'file_path', fileId, containerId, startIndex, endIndex }, deltas);
      }
      default:
        return undefined;
    }
  }

  #push(annotation: Unquoted, deltas: ChatDelta[]): void {
    const text = this.#text.slice(annotation.startIndex, annotation.endIndex);
    deltas.push({ type: 'annotation', annotation: { ...annotation, text } });
  }

  #mark(name: string, deltas: ChatDelta[]): [number, number] {
    const marker = `【${this.#count}†${name}】`;
    this.#count += 1;
    const start = this.#text.length;
    this.#text += marker;
    this.#markers.push({ at: this.#sourceLength, length: marker.length });
    deltas.push({ type: 'text', text: marker });
    return [start, this.#text.length];
  }

  #stretch(start: number | undefined, end: number | undefined): [number, number] {
    const placed = (index: number | undefined) => {
      const at = Math.min(this.#partStart + (index ?? Number.POSITIVE_INFINITY), this.#sourceLength);
      return this.#markers.reduce((sum, marker) => sum + (marker.at <= at ? marker.length : 0), at);
    };
    return [placed(start), Math.max(placed(start), placed(end))];
  }
}

type Unquoted = ChatAnnotation extends infer Each ? (Each extends ChatAnnotation ? Omit<Each, 'text'> : never) : never;
