import type { ChatDelta } from '../delta.ts';
import { SecretFilter, withoutSecrets } from './secrets.ts';

type TextDelta = Extract<ChatDelta, { type: 'text' | 'refusal' | 'arguments' | 'code' }>;

const textOf = (delta: TextDelta): string => {
  switch (delta.type) {
    case 'text':
      return delta.text;
    case 'refusal':
      return delta.refusal;
    case 'arguments':
      return delta.arguments;
    default:
      return delta.code;
  }
};

const withText = (delta: TextDelta, text: string): TextDelta => {
  switch (delta.type) {
    case 'text':
      return { ...delta, text };
    case 'refusal':
      return { ...delta, refusal: text };
    case 'arguments':
      return { ...delta, arguments: text };
    default:
      return { ...delta, code: text };
  }
};

const isText = (delta: ChatDelta): delta is TextDelta =>
  delta.type === 'text' || delta.type === 'refusal' || delta.type === 'arguments' || delta.type === 'code';

const channelOf = (delta: TextDelta) => ('index' in delta ? `${delta.type} ${delta.index}` : delta.type);

/** Strikes the endpoint's secrets out of a completion. The end of a piece waits for the next one if it may begin a secret. */
export class DeltaFilter {
  readonly #secrets: readonly string[];
  readonly #channels = new Map<string, { last: TextDelta; filter: SecretFilter }>();

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  take(delta: ChatDelta): ChatDelta[] {
    if (this.#secrets.length === 0) return [delta];
    if (isText(delta)) return this.#takeText(delta);
    return [...this.#rest(), this.#cleaned(delta)];
  }

  #takeText(delta: TextDelta): ChatDelta[] {
    const channel = channelOf(delta);
    const known = this.#channels.get(channel);
    const filter = known?.filter ?? new SecretFilter(this.#secrets);
    this.#channels.set(channel, { last: delta, filter });
    const text = filter.take(textOf(delta));
    return text === '' ? [] : [withText(delta, text)];
  }

  /** What was kept back of the texts, before something other than text follows. */
  #rest(): ChatDelta[] {
    const deltas: ChatDelta[] = [];
    for (const { last, filter } of this.#channels.values()) {
      const text = filter.end();
      if (text !== '') deltas.push(withText(last, text));
    }
    return deltas;
  }

  #cleaned(delta: ChatDelta): ChatDelta {
    const text = JSON.stringify(delta);
    const clean = withoutSecrets(text, this.#secrets);
    return clean === text ? delta : (JSON.parse(clean) as ChatDelta);
  }
}
