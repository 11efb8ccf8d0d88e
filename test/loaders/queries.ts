import { encodeCursor } from '../../src/resolvers/cursor.ts';
import { encodeGlobalId } from '../../src/resolvers/globalId.ts';
import type { Random } from './random.ts';

type Type = 'Assistant' | 'Thread' | 'Message' | 'Run' | 'RunStep' | 'File' | 'VectorStore' | 'VectorStoreFile';

/** The ids for queries: some exist, some did once, and some are invalid. */
export interface Ids {
  assistants: [string, ...string[]];
  threads: [string, ...string[]];
  messages: [string, ...string[]];
  runs: [string, ...string[]];
  steps: [string, ...string[]];
  files: [string, ...string[]];
  vectorStores: [string, ...string[]];
}

export interface GeneratedQuery {
  document: string;
  variables: Record<string, unknown>;
}

const leaves: Record<Type, string[]> = {
  Assistant: ['id', 'assistantId', 'name', 'createdAt'],
  Thread: ['id', 'threadId', 'createdAt', 'metadata'],
  Message: ['id', 'messageId', 'threadId', 'runId', 'assistantId', 'role', 'text'],
  Run: ['id', 'runId', 'threadId', 'assistantId', 'status', 'isTerminal'],
  RunStep: ['id', 'stepId', 'runId', 'threadId', 'status', 'type'],
  File: ['id', 'fileId', 'filename', 'purpose', 'bytes', 'contentUrl'],
  VectorStore: ['id', 'vectorStoreId', 'name', 'createdAt'],
  VectorStoreFile: ['id', 'fileId', 'vectorStoreId', 'status', 'usageBytes'],
};

const edges: Record<Type, [field: string, type: Type][]> = {
  Assistant: [],
  Thread: [],
  Message: [
    ['thread', 'Thread'],
    ['run', 'Run'],
    ['assistant', 'Assistant'],
  ],
  Run: [
    ['thread', 'Thread'],
    ['assistant', 'Assistant'],
  ],
  RunStep: [
    ['thread', 'Thread'],
    ['run', 'Run'],
    ['assistant', 'Assistant'],
  ],
  File: [],
  VectorStore: [],
  VectorStoreFile: [
    ['file', 'File'],
    ['vectorStore', 'VectorStore'],
  ],
};

const connections: Record<Type, [field: string, type: Type][]> = {
  Assistant: [],
  Thread: [
    ['messages', 'Message'],
    ['runs', 'Run'],
  ],
  Message: [],
  Run: [
    ['messages', 'Message'],
    ['steps', 'RunStep'],
  ],
  RunStep: [],
  File: [],
  VectorStore: [['files', 'VectorStoreFile']],
  VectorStoreFile: [],
};

/** The most items of a connection by its depth: fewer the deeper, since they multiply. */
const sizes: [number, ...number[]][] = [
  [0, 1, 2, 3, 5, 5, 9, 20, 20, 100, 120, 270],
  [0, 1, 2, 3, 5, 9],
  [0, 1],
];

const DEEPEST = 4;

/** A random query: nested, aliased, with fragments, directives and variables, and sometimes with errors. */
export const randomQuery = (random: Random, ids: Ids): GeneratedQuery => {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];
  let names = 0;
  const name = (prefix: string) => `${prefix}${names++}`;

  /** The value inline, or a variable with that value. */
  const value = (type: string, literal: string, json: unknown) => {
    if (random.chance(0.75)) return literal;
    const variable = name('v');
    declared.push(`$${variable}: ${type}`);
    variables[variable] = json;
    return `$${variable}`;
  };
  const idValue = (id: string) => value('ID!', JSON.stringify(id), id);

  const directive = () => {
    if (random.chance(0.85)) return '';
    const condition = random.chance(0.5);
    return ` @${random.pick(['skip', 'include'])}(if: ${value('Boolean!', String(condition), condition)})`;
  };

  /** `narrowing` returns the argument that selects some members of the list. */
  const pageArguments = (
    list: string | undefined,
    members: Ids[keyof Ids],
    lists: number,
    narrowing: () => string = () => '',
  ) => {
    const given: string[] = [];
    const size = random.pick(sizes[lists] ?? [1]);
    const direction = random.pick(['first', 'first', 'first', 'last', 'neither', 'both']);
    if (direction === 'first' || direction === 'both') given.push(`first: ${value('Int', String(size), size)}`);
    if (direction === 'last' || (direction === 'both' && random.chance(0.1))) given.push(`last: ${size}`);
    if (direction === 'neither' && lists > 0) given.push('first: 2');
    if (random.chance(0.4)) given.push(`order: ${random.pick(['ASC', 'DESC'])}`);
    for (const argument of ['after', 'before']) {
      if (list === undefined || random.chance(0.8)) continue;
      const cursor = random.chance(0.05) ? 'nonsense' : encodeCursor(list, random.pick(members));
      given.push(`${argument}: ${value('String', JSON.stringify(cursor), cursor)}`);
    }
    const narrowed = narrowing();
    if (narrowed !== '') given.push(narrowed);
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  };

  const ofRun = () => (random.chance(0.15) ? `runId: ${idValue(random.pick(ids.runs))}` : '');
  const withStatus = () => (random.chance(0.3) ? `filter: ${random.pick(['COMPLETED', 'FAILED', 'IN_PROGRESS'])}` : '');
  const withPurpose = () => (random.chance(0.7) ? `purpose: ${random.pick(['ASSISTANTS', 'VISION', 'BATCH'])}` : '');

  const selection = (type: Type, depth: number, lists: number): string => {
    const fields = leaves[type].filter(() => random.chance(0.35)).map((leaf) => `${leaf}${directive()}`);
    const narrow = depth >= DEEPEST;
    for (const [edge, target] of narrow ? [] : edges[type]) {
      if (random.chance(0.6)) continue;
      fields.push(`${edge}${directive()} ${selection(target, depth + 1, lists)}`);
      // The same field again: its selections must be merged.
      if (random.chance(0.1)) fields.push(`${edge} ${selection(target, depth + 1, lists)}`);
    }
    for (const [field, target] of narrow || lists >= sizes.length ? [] : connections[type]) {
      for (let times = random.pick([0, 0, 1, 1, 2]); times > 0; times -= 1) {
        fields.push(
          `${name('l')}: ${field}${pageArguments(undefined, [''], lists, type === 'VectorStore' ? withStatus : undefined)}${directive()} ${page(target, depth, lists)}`,
        );
      }
    }
    if (type === 'RunStep' && !narrow && random.chance(0.4)) {
      const message = random.chance(0.7) ? `message ${selection('Message', depth + 1, lists)}` : 'messageId';
      fields.push(`stepDetails { ... on RunStepDetailsMessageCreation { messageCreation { ${message} } } }`);
    }
    if (type === 'Message' && !narrow && random.chance(0.3)) {
      fields.push(`attachments { ${random.chance(0.7) ? `file ${selection('File', depth + 1, lists)}` : 'fileId'} }`);
    }
    if (fields.length === 0 || random.chance(0.1)) fields.push('__typename');
    return `{ ${wrapped(type, fields)} }`;
  };

  /** Some of the fields in an inline or a named fragment. */
  const wrapped = (type: Type, fields: string[]) => {
    const at = random.below(fields.length + 1);
    const [outside, inside] = [fields.slice(0, at), fields.slice(at)];
    if (inside.length === 0 || random.chance(0.7)) return fields.join(' ');
    if (random.chance(0.5)) return `${outside.join(' ')} ... on ${type}${directive()} { ${inside.join(' ')} }`;
    const fragment = name('F');
    fragments.push(`fragment ${fragment} on ${type} { ${inside.join(' ')} }`);
    return `${outside.join(' ')} ...${fragment}${directive()}`;
  };

  const page = (type: Type, depth: number, lists: number) => {
    const items = selection(type, depth + 1, lists + 1);
    const info = random.chance(0.5) ? 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }' : '';
    return random.chance(0.3) ? `{ edges { cursor node ${items} } ${info} }` : `{ nodes ${items} ${info} }`;
  };

  const globalId = (type: Type) => {
    const thread = random.pick(ids.threads);
    const run = random.pick(ids.runs);
    if (random.chance(0.03)) return 'bm9uc2Vuc2U';
    if (type === 'Assistant') return encodeGlobalId(type, random.pick(ids.assistants));
    if (type === 'Thread') return encodeGlobalId(type, thread);
    if (type === 'Message') return encodeGlobalId(type, thread, random.pick(ids.messages));
    if (type === 'File') return encodeGlobalId(type, random.pick(ids.files));
    if (type === 'VectorStore') return encodeGlobalId(type, random.pick(ids.vectorStores));
    if (type === 'VectorStoreFile') {
      return encodeGlobalId(type, random.pick(ids.vectorStores), random.pick(ids.files));
    }
    return type === 'Run'
      ? encodeGlobalId(type, thread, run)
      : encodeGlobalId(type, thread, run, random.pick(ids.steps));
  };

  /** Many look-ups at once, mostly of one thread, as from a client that has ids and needs objects. */
  const lookUps = (): string => {
    const thread = random.pick(ids.threads);
    const run = random.pick(ids.runs);
    const type = random.pick<Type>([
      'Assistant',
      'Thread',
      'Message',
      'Message',
      'Run',
      'RunStep',
      'File',
      'VectorStore',
    ]);
    const selected = name('S');
    fragments.push(`fragment ${selected} on ${type} ${selection(type, 2, 1)}`);
    const one = () => {
      if (type === 'Assistant') return `assistant(assistantId: ${idValue(random.pick(ids.assistants))})`;
      if (type === 'Thread') return `thread(threadId: ${idValue(thread)})`;
      if (type === 'Message')
        return `message(threadId: ${idValue(thread)}, messageId: ${idValue(random.pick(ids.messages))})`;
      if (type === 'File') return `file(fileId: ${idValue(random.pick(ids.files))})`;
      if (type === 'VectorStore') return `vectorStore(vectorStoreId: ${idValue(random.pick(ids.vectorStores))})`;
      if (type === 'Run') return `run(threadId: ${idValue(thread)}, runId: ${idValue(random.pick(ids.runs))})`;
      return `runStep(threadId: ${idValue(thread)}, runId: ${idValue(run)}, stepId: ${idValue(random.pick(ids.steps))})`;
    };
    const count = random.pick([1, 1, 2, 3, 5, 9]);
    return Array.from({ length: count }, () => `${name('o')}: ${one()}${directive()} { ...${selected} }`).join(' ');
  };

  const nodes = (): string => {
    const type = random.pick<Type>([
      'Assistant',
      'Thread',
      'Message',
      'Run',
      'RunStep',
      'File',
      'VectorStore',
      'VectorStoreFile',
    ]);
    const asked = Array.from({ length: random.pick([1, 3, 8]) }, () => globalId(random.chance(0.8) ? type : 'Message'));
    const selected = `{ __typename id ... on ${type} ${selection(type, 2, 1)} }`;
    if (random.chance(0.3)) return `${name('n')}: node(id: ${idValue(asked[0] ?? '')}) ${selected}`;
    return `${name('n')}: nodes(ids: ${value('[ID!]!', JSON.stringify(asked), asked)}) ${selected}`;
  };

  const threadOf = (): string => {
    const thread = random.pick(ids.threads);
    const field = random.pick(['messages', 'runs']);
    const members = field === 'messages' ? ids.messages : ids.runs;
    const type = field === 'messages' ? 'Message' : 'Run';
    const list = `${field}/${thread}`;
    const narrowing = field === 'messages' ? ofRun : undefined;
    const windows = Array.from(
      { length: random.pick([1, 1, 2, 3]) },
      () => `${name('l')}: ${field}${pageArguments(list, members, 0, narrowing)} ${page(type, 2, 0)}`,
    );
    return `${name('t')}: thread(threadId: ${idValue(thread)}) { threadId ${windows.join(' ')} }`;
  };

  const assistants = () =>
    `${name('a')}: assistants${pageArguments('assistants', ids.assistants, 0)} ${page('Assistant', 1, 0)}`;

  /** Several lists at once, which one page of all files can serve. */
  const files = () =>
    Array.from(
      { length: random.pick([1, 1, 2, 5]) },
      () => `${name('f')}: files${pageArguments('files', ids.files, 0, withPurpose)} ${page('File', 1, 0)}`,
    ).join(' ');

  const vectorStores = () =>
    `${name('s')}: vectorStores${pageArguments('vectorStores', ids.vectorStores, 0)} ${page('VectorStore', 1, 0)}`;

  const filesOfStore = () => {
    const store = random.pick(ids.vectorStores);
    const windows = Array.from(
      { length: random.pick([1, 1, 2, 3]) },
      () =>
        `${name('l')}: files${pageArguments(`vectorStoreFiles/${store}`, ids.files, 0, withStatus)} ${page('VectorStoreFile', 2, 0)}`,
    );
    return `${name('s')}: vectorStore(vectorStoreId: ${idValue(store)}) { vectorStoreId ${windows.join(' ')} }`;
  };

  const roots = Array.from({ length: random.pick([1, 1, 1, 2]) }, () =>
    random.pick([lookUps, lookUps, nodes, threadOf, threadOf, assistants, files, vectorStores, filesOfStore])(),
  );
  const head = declared.length === 0 ? '' : `query (${declared.join(', ')}) `;
  return { document: `${head}{ ${roots.join('\n')} }\n${fragments.join('\n')}`, variables };
};
