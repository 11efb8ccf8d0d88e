import { resolve } from 'node:path';
import type { Config } from './config.ts';
import type { EngineModel } from '../engine/engine.ts';
import { databaseNameOf } from '../engine/store/postgres/databaseName.ts';
import type { McpServer } from '../engine/tools/mcpServer.ts';
import type { Upstream } from '../server/upstream.ts';

/** What the server says when it is ready: `url` is where it listens, without a slash at the end. Lists the models of an endpoint. */
export const banner = async (version: string, config: Config, upstream: Upstream, url: string): Promise<string> => {
  const { kind, model, capabilities } = upstream;
  const embedded = kind === 'embedded';
  const lines: [string, string][] = [
    [config.graphiql ? 'GraphQL, GraphiQL' : 'GraphQL', `${url}/graphql`],
    ['REST API', embedded ? `${url}/v1` : 'off, since ASSISTANTS_BASE_URL is set'],
    ['Upstream', embedded ? 'the embedded engine' : upstream.baseUrl],
    ['Model', model === null ? "the upstream's own" : await describeModel(model, config)],
    ['Capabilities', capabilities === null ? "the upstream's own" : describeCapabilities(capabilities)],
    ...(embedded ? [...describeTools(config), ...describeRunWebhooks(config), describeSearch(config)] : []),
    ...(upstream.codeInterpreter === undefined ? [] : [describeCodeInterpreter(upstream)]),
    ['Data', embedded ? describeData(config) : 'kept by the upstream'],
  ];
  return [`assistants-graphql ${version}`, ...lines.map(([name, text]) => `  ${name.padEnd(20)}${text}`)].join('\n');
};

const describeData = ({ databaseUrl, dataPath }: Config): string => {
  if (databaseUrl !== undefined) return `PostgreSQL, ${databaseNameOf(databaseUrl)}`;
  return dataPath === ':memory:' ? 'in memory only, lost at the end' : resolve(dataPath);
};

const describeTools = ({ toolWebhooks, toolMcp, toolMcpServers }: Config): [string, string][] => {
  const ofServer = ([name, { type }]: [string, McpServer]) => {
    const functions = [...toolMcp].filter(([, { server }]) => server === name).map(([bound]) => bound);
    return functions.length === 0 ? [] : [`${functions.join(', ')} by the MCP server ${name} (${type})`];
  };
  const bound = [
    ...(toolWebhooks.size > 0 ? [`${[...toolWebhooks.keys()].join(', ')} by webhooks`] : []),
    ...[...toolMcpServers].flatMap(ofServer),
  ];
  return bound.length === 0 ? [] : [['Tools', `${bound.join('; ')}; others by clients`]];
};

/** The hosts only: paths and query parameters may be keys. */
const describeRunWebhooks = ({ runWebhooks }: Config): [string, string][] =>
  runWebhooks.length === 0 ? [] : [['Run webhooks', runWebhooks.map((url) => new URL(url).host).join(', ')]];

const describeSearch = ({ embeddingBaseUrl: url, embeddingModel: model }: Config): [string, string] => [
  'File search',
  url === undefined ? 'by words (EMBEDDING_BASE_URL adds vectors)' : `by words, and by vectors of ${model} at ${url}`,
];

const describeCodeInterpreter = ({ codeInterpreter, capabilities }: Upstream): [string, string] => [
  'Code interpreter',
  capabilities?.['codeInterpreter'] === true ? `${codeInterpreter}` : `off, since ${codeInterpreter}`,
];

/** How long the start waits for the list of models. */
const MODEL_LIST_MS = 2000;

/** How many models are named. */
const MOST_MODELS = 5;

const describeModel = async (model: EngineModel, config: Config): Promise<string> => {
  if (model.offline) {
    return `${model.name} (offline model: no key, no network needed; MODEL_BASE_URL selects a real one)`;
  }
  const names = await model.names(AbortSignal.timeout(MODEL_LIST_MS)).catch(() => undefined);
  const others = (names?.length ?? 0) - MOST_MODELS;
  const listed =
    names === undefined
      ? 'its list of models cannot be read now'
      : `models ${names.slice(0, MOST_MODELS).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  return `${config.modelBaseUrl} (${config.modelApi}); ${names?.length === 0 ? 'it lists no models' : listed}`;
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
