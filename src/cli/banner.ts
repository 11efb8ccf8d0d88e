import { resolve } from 'node:path';
import type { Config } from './config.ts';
import type { Upstream } from '../server/upstream.ts';

/** What the server says when it is ready: `url` is where it listens, without a slash at the end. */
export const banner = (version: string, config: Config, upstream: Upstream, url: string) => {
  const { kind, model, capabilities } = upstream;
  const embedded = kind === 'embedded';
  const dataAt = config.dataPath === ':memory:' ? 'in memory only, lost at the end' : resolve(config.dataPath);
  const lines: [string, string][] = [
    [config.graphiql ? 'GraphQL, GraphiQL' : 'GraphQL', `${url}/graphql`],
    ['REST API', embedded ? `${url}/v1` : 'off, since ASSISTANTS_BASE_URL is set'],
    ['Upstream', embedded ? 'the embedded engine' : upstream.baseUrl],
    [
      'Model',
      model === null
        ? "the upstream's own"
        : `${model.name}${model.offline ? ' (offline model: no key, no network needed)' : ''}`,
    ],
    ['Capabilities', capabilities === null ? "the upstream's own" : describeCapabilities(capabilities)],
    ['Data', embedded ? dataAt : 'kept by the upstream'],
  ];
  return [`assistants-graphql ${version}`, ...lines.map(([name, text]) => `  ${name.padEnd(20)}${text}`)].join('\n');
};

const describeCapabilities = (capabilities: Readonly<Record<string, boolean>>) => {
  const named = (able: boolean) =>
    Object.keys(capabilities)
      .filter((name) => capabilities[name] === able)
      .map(inWords)
      .join(', ');
  const lacking = named(false);
  return lacking === '' ? named(true) : `${named(true)}; stored and echoed, but not executed: ${lacking}`;
};

/** `fileSearch` and `file_search` as `file search`. */
const inWords = (name: string) =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
