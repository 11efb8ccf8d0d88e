import { account } from './account.ts';
import { List } from './lists.ts';

const assistants = new List(account.assistants);

const threads = new Map(
  [account.ordinary, account.long].map(({ thread, runs, messages }) => [
    thread.id,
    {
      thread: JSON.stringify(thread),
      runs: new List(runs.map(({ run }) => run)),
      steps: new Map(runs.map(({ run, steps }) => [run.id, new List(steps)])),
      messages: new List(messages),
    },
  ]),
);

/** The JSON that a GET of `url` returns; undefined if nothing is there. */
const jsonOf = (url: string): string | undefined => {
  const { pathname, searchParams } = new URL(url, 'http://stub');
  const [root, id, list, member, steps, stepId] = pathname.slice(1).split('/');
  if (root === 'assistants') return id === undefined ? assistants.page(searchParams) : assistants.one(id);
  const thread = root === 'threads' && id !== undefined ? threads.get(id) : undefined;
  if (thread === undefined || list === undefined) return thread?.thread;
  if (list === 'messages') {
    const runId = searchParams.get('run_id');
    if (member !== undefined) return thread.messages.one(member);
    return thread.messages.page(searchParams, (message) => runId === null || message.run_id === runId);
  }
  if (list !== 'runs') return undefined;
  if (member === undefined) return thread.runs.page(searchParams);
  if (steps === undefined) return thread.runs.one(member);
  const ofRun = thread.steps.get(member);
  return stepId === undefined ? ofRun?.page(searchParams) : ofRun?.one(stepId);
};

const MISSING = JSON.stringify({
  error: { message: 'The stub has no such object.', type: 'invalid_request_error', param: null, code: null },
});

export interface StubResponse {
  readonly status: 200 | 404;
  readonly body: Buffer;
}

const known = new Map<string, StubResponse>();

/** The response to a GET of `url`, made once. */
export const responseTo = (url: string): StubResponse => {
  const before = known.get(url);
  if (before !== undefined) return before;
  const json = jsonOf(url);
  const response: StubResponse = { status: json === undefined ? 404 : 200, body: Buffer.from(json ?? MISSING) };
  known.set(url, response);
  return response;
};
