import { compositionHasErrors, composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

/** A subgraph that is being served. */
export interface Subgraph {
  readonly name: string;
  readonly url: string;
  /** What it asks of its router. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Composes what the subgraphs say of themselves. Throws with all that stands in the way. */
export const compose = async (subgraphs: readonly Subgraph[]): Promise<string> => {
  const services = await Promise.all(
    subgraphs.map(async ({ name, url, headers = {} }) => ({ name, url, typeDefs: parse(await sdlOf(url, headers)) })),
  );
  const result = composeServices(services);
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
};

const sdlOf = async (url: string, headers: Readonly<Record<string, string>>): Promise<string> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${url} refuses to say what it serves: ${JSON.stringify(errors)}`);
  const { _service: service } = data;
  return service.sdl;
};
