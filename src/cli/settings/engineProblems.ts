import type { Config } from '../config.ts';
import { engineSettings } from './engine.ts';

/** What is wrong with the settings of the embedded engine taken together, one line each. Each alone is allowed. */
export const engineProblems = (config: Config): string[] => [
  ...unusedSettings(config),
  ...storeProblems(config),
  ...toolProblems(config),
  ...embeddingProblems(config),
];

/** The settings that select models or run tools. Others of the engine have defaults, or are set by the container image. */
const unusedSettings = (config: Config): string[] => {
  if (config.baseUrl === undefined) return [];
  const set: [name: string, isSet: boolean][] = [
    ['DATABASE_URL', config.databaseUrl !== undefined],
    ['MODEL_BASE_URL', config.modelBaseUrl !== undefined],
    ['EMBEDDING_BASE_URL', config.embeddingBaseUrl !== undefined],
    ['TOOL_WEBHOOKS', config.toolWebhooks.size > 0],
    ['TOOL_MCP', config.toolMcp.size > 0],
    ['CODE_INTERPRETER', config.codeInterpreter !== 'off'],
    ['RUN_WEBHOOKS', config.runWebhooks.length > 0],
  ];
  return set
    .filter(([, isSet]) => isSet)
    .map(
      ([name]) =>
        `${name} has no effect with ASSISTANTS_BASE_URL: the server there runs the assistants. Unset one of the two.`,
    );
};

const storeProblems = ({ databaseUrl, dataPath }: Config): string[] =>
  databaseUrl === undefined || dataPath === engineSettings.dataPath.fallback
    ? []
    : ['DATABASE_URL and DATA_PATH each name a place for the data. Unset one of the two.'];

const toolProblems = (config: Config): string[] => {
  const { toolWebhooks, toolWebhookSecret, toolMcp, toolMcpServers, runWebhooks, runWebhookSecret } = config;
  const problems: string[] = [];
  if (runWebhooks.length > 0 && runWebhookSecret === undefined) {
    problems.push(
      'RUN_WEBHOOKS needs RUN_WEBHOOK_SECRET, which signs the requests: webhooks could not tell them from others.',
    );
  }
  if (toolWebhooks.size > 0 && toolWebhookSecret === undefined) {
    problems.push(
      'TOOL_WEBHOOKS needs TOOL_WEBHOOK_SECRET, which signs the requests: webhooks could not tell them from others.',
    );
  }
  for (const [name, { server }] of toolMcp) {
    if (toolWebhooks.has(name)) problems.push(`TOOL_WEBHOOKS and TOOL_MCP both name the function ${name}.`);
    if (toolMcpServers.has(server)) continue;
    const known = toolMcpServers.size === 0 ? 'has none' : `has ${[...toolMcpServers.keys()].join(', ')}`;
    problems.push(`TOOL_MCP names the server ${server}, but TOOL_MCP_SERVERS_FILE ${known}.`);
  }
  return problems;
};

const embeddingProblems = ({ embeddingBaseUrl, embeddingModel }: Config): string[] =>
  (embeddingBaseUrl === undefined) === (embeddingModel === undefined)
    ? []
    : ['EMBEDDING_BASE_URL and EMBEDDING_MODEL need each other: set both or none.'];
