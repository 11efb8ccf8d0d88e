import type { ChatDelta } from '../delta.ts';
import { channelOf, isText, type TextDelta, textOf, withText } from '../textDelta.ts';
import { JsonEscapes } from './jsonEscapes.ts';
import { SecretFilter, withoutSecrets } from './secrets.ts';

/** One text of a completion. Arguments are JSON, in which a secret may be escaped. */
class Channel {
  last: TextDelta;
  readonly #filter: SecretFilter;
  readonly #escapes: JsonEscapes | undefined;

  constructor(first: TextDelta, secrets: readonly string[]) {
    this.last = first;
    this.#filter = new SecretFilter(secrets);
    this.#escapes = first.type === 'arguments' ? new JsonEscapes() : undefined;
  }

  take(piece: string): string {
    return this.#filter.take(this.#escapes?.take(piece) ?? piece);
  }

  end(): string {
    return this.#filter.take(this.#escapes?.end() ?? '') + this.#filter.end();
  }
}

/** Strikes the endpoint's secrets out of a completion. The end of a piece waits for the next one if it may begin a secret. */
export class DeltaFilter {
  readonly #secrets: readonly string[];
  readonly #channels = new Map<string, Channel>();

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  take(delta: ChatDelta): ChatDelta[] {
    if (this.#secrets.length === 0) return [delta];
    if (isText(delta)) return this.#takeText(delta);
    return [...this.#rest(), this.#cleaned(delta)];
  }

  #takeText(delta: TextDelta): ChatDelta[] {
    const name = channelOf(delta);
    const channel = this.#channels.get(name) ?? new Channel(delta, this.#secrets);
    this.#channels.set(name, channel);
    channel.last = delta;
    const text = channel.take(textOf(delta));
    return text === '' ? [] : [withText(delta, text)];
  }

  /** What was kept back of the texts, before something other than text follows. */
  #rest(): ChatDelta[] {
    const deltas: ChatDelta[] = [];
    for (const channel of this.#channels.values()) {
      const text = channel.end();
      if (text !== '') deltas.push(withText(channel.last, text));
    }
    return deltas;
  }

  #cleaned(delta: ChatDelta): ChatDelta {
    const text = JSON.stringify(delta);
    const clean = withoutSecrets(text, this.#secrets);
    return clean === text ? delta : (JSON.parse(clean) as ChatDelta);
  }
}
