import type { EngineModel } from '../engine/engine.ts';

/** How long the first page waits for the list of models. */
const LIST_MS = 2000;

/** Lists of models name those of every kind. */
const NOT_FOR_CHAT = /embed|tts|whisper|dall-e|moderation|audio|realtime|image|transcribe|rerank|sora|babbage|davinci/i;

/** In the place of a name that is not known. */
const PLACEHOLDER = 'your-model';

/** A model that GraphiQL's tour can use. Never rejects. */
export const tourModelOf = async (model: EngineModel | null): Promise<string> => {
  if (model === null || model.offline) return 'offline';
  const names = await model.names(AbortSignal.timeout(LIST_MS)).catch(() => []);
  return names.find((name) => !NOT_FOR_CHAT.test(name)) ?? PLACEHOLDER;
};
