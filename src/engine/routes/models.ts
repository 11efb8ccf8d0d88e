import { unixSeconds } from '../clock.ts';
import { route } from './route.ts';

/** For models whose endpoint does not say when they were created. */
const unknownCreation = unixSeconds(0);

export const modelRoutes = [
  // Not part of the Assistants API: the names that `model` takes, as OpenAI's `GET /v1/models` lists them.
  route('GET', '/models', {
    needsBeta: false,
    handle: async (_call, { models }) => {
      const { models: listed } = await models.list();
      const data = listed.map(({ id, created, ownedBy }) => ({
        id,
        object: 'model',
        created: created ?? unknownCreation,
        owned_by: ownedBy ?? 'unknown',
      }));
      return { json: { object: 'list', data } };
    },
  }),
];
