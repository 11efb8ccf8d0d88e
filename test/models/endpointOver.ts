import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { ChatMessage, ChatRequest, Model } from '../../src/engine/models/model.ts';
import { ModelError } from '../../src/engine/models/modelError.ts';
import { requestFor } from './asking.ts';
import { type Play, type SeenRequest, startRawServer, whole } from './rawServer.ts';

interface SentTool {
  name?: string;
  function?: { name: string };
}
interface SentItem {
  role?: string;
  type?: string;
  content?: string | { text: string }[] | null;
  call_id?: string;
  tool_call_id?: string;
  output?: string;
  name?: string;
  arguments?: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}

const textOf = ({ content }: SentItem) =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('\n');

const messageOf = (item: SentItem): ChatMessage => {
  if (item.type === 'function_call') {
    const call = { id: item.call_id ?? '', name: item.name ?? '', arguments: item.arguments ?? '' };
    return { role: 'assistant', content: '', toolCalls: [call] };
  }
  if (item.type === 'function_call_output')
    return { role: 'tool', toolCallId: item.call_id ?? '', content: item.output ?? '' };
  if (item.role === 'tool') return { role: 'tool', toolCallId: item.tool_call_id ?? '', content: textOf(item) };
  if (item.role === 'user') return { role: 'user', content: [{ type: 'text', text: textOf(item) }] };
  const toolCalls = (item.tool_calls ?? []).map((call) => ({ id: call.id, ...call.function }));
  return { role: 'assistant', content: textOf(item), toolCalls };
};

/** What the offline model is asked, if an endpoint gets this request. */
const requestIn = ({ body }: SeenRequest): ChatRequest => {
  const items = (body['messages'] ?? body['input']) as SentItem[];
  const tools = ((body['tools'] ?? []) as SentTool[]).map((tool) => ({ name: tool.function?.name ?? tool.name ?? '' }));
  const limit = body['max_completion_tokens'] ?? body['max_output_tokens'];
  return requestFor('', {
    messages: items.map(messageOf),
    tools,
    parallelToolCalls: body['parallel_tool_calls'] !== false,
    maxTokens: typeof limit === 'number' ? limit : null,
  });
};

/** Turns deltas into the events of an API. `begin` and `end` come before and after them. */
export interface Wire {
  eventsOf(delta: ChatDelta): object[];
  errorOf(error: ModelError): object;
}

const statuses: Partial<Record<string, number>> = { rate_limit_exceeded: 429, invalid_prompt: 400 };

const play =
  (model: Model, wire: Wire): Play =>
  async (socket, request) => {
    if (request.method === 'GET')
      return whole({ data: [{ id: 'offline', created: 1, owned_by: 'us' }] })(socket, request);
    const write = (event: object) => {
      const line = `data: ${JSON.stringify(event)}\n\n`;
      socket.write(`${Buffer.byteLength(line).toString(16)}\r\n${line}\r\n`);
    };
    let hasBegun = false;
    const leaving = new AbortController();
    socket.on('close', () => leaving.abort());
    try {
      await model.complete({ ...requestIn(request), signal: leaving.signal }, (delta) => {
        if (!hasBegun)
          socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
        hasBegun = true;
        for (const event of wire.eventsOf(delta)) write(event);
        return undefined;
      });
    } catch (error) {
      if (!(error instanceof ModelError)) return undefined;
      const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' };
      if (!hasBegun)
        return whole(wire.errorOf(error), { status: statuses[error.code] ?? 500, headers })(socket, request);
      write(wire.errorOf(error));
    }
    socket.write('0\r\n\r\n');
    return undefined;
  };

/** Starts an endpoint that speaks `wire` and answers as `model` does. */
export const endpointOver = (model: Model, wire: () => Wire) =>
  startRawServer((socket, request) => play(model, wire())(socket, request));
