import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { boundedPieces } from '../../boundedPieces.ts';
import { httpAgent } from '../httpAgent.ts';
import {
  type CodeOutcome,
  type CodeRequest,
  type CodeRunner,
  CodeRunnerError,
  type InputFile,
  inputLimits,
  outputLimits,
  outputNameOf,
  tooLargeNote,
} from './codeRunner.ts';

export interface ExternalRunnerOptions {
  /** Base URL, without a slash at its end. */
  url: string;
  /** Sent as `Authorization: Bearer …`. */
  key: string | undefined;
  /** Milliseconds that code may take, which the runner has to enforce. */
  callMs: number;
}

/** Sessions of which is remembered what files they have. The runner decides how long they live. */
const mostSessions = 1000;
/** Milliseconds that the runner may take in addition to the code. */
const graceMs = 10_000;
/** Bytes of a response: outputs in base64, and the rest of the JSON. */
const longestResponse = Math.ceil(outputLimits.total * 1.4) + 4 * outputLimits.logs;

interface ExternalSession {
  /** Ids of the files that it has; undefined if it has not begun. */
  placed: ReadonlySet<string> | undefined;
  /** Ends with the last of its calls, which are made one after the other. */
  calls: Promise<unknown>;
}

interface CallSignals {
  /** Ends the call. */
  signal: AbortSignal;
  /** Aborted when the call has taken too long. */
  late: AbortSignal;
}

const content = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const responseSchema = z.object({
  logs: z.string().default(''),
  images: z.array(content).max(outputLimits.count).default([]),
  files: z
    .array(z.object({ name: z.string(), content }))
    .max(outputLimits.count)
    .default([]),
  notes: z.array(z.string()).max(outputLimits.count).default([]),
});

/** The files that are sent, as far as the limits allow. */
const withinLimits = (files: readonly InputFile[]): { sent: InputFile[]; notes: string[] } => {
  const sent: InputFile[] = [];
  const notes: string[] = [];
  let left = inputLimits.total;
  for (const file of files) {
    if (file.bytes > inputLimits.file) notes.push(tooLargeNote(file.name));
    else if (file.bytes > left) notes.push(`The file ${file.name} is missing: the files are too large together.`);
    else {
      left -= file.bytes;
      sent.push(file);
    }
  }
  return { sent, notes };
};

const inBase64 = async ({ name, read }: InputFile) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of read()) chunks.push(chunk);
  return { name, content: Buffer.concat(chunks).toString('base64') };
};

const tooLarge = () => new CodeRunnerError('the runner returned too much.');

const outcomeIn = (text: string): Omit<CodeOutcome, 'isNewSession'> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new CodeRunnerError('the runner returned no JSON.');
  }
  const { data, error } = responseSchema.safeParse(parsed);
  if (data === undefined) throw new CodeRunnerError(`the runner returned JSON of another form: ${error.message}`);
  const files = data.files.filter(({ name }) => outputNameOf(name) !== undefined);
  const dropped = data.files.length - files.length;
  const notes = dropped === 0 ? [] : ['A file is not kept: its name has characters that are not allowed.'];
  return { ...data, logs: data.logs.slice(0, outputLimits.logs), files, notes: [...data.notes, ...notes] };
};

/**
 * Runs code at a URL, by the protocol of docs/tools.md: for sandboxes of another kind, such as gVisor or virtual machines.
 * What it isolates is for its operator to see to.
 */
export const externalRunner = ({ url, key, callMs }: ExternalRunnerOptions): CodeRunner => {
  const dispatcher = httpAgent();
  const target = new URL(`${url}/run`);
  const sessions = new LRUCache<string, ExternalSession>({ max: mostSessions });

  const responseTo = async (body: string, signal: AbortSignal) => {
    const { statusCode: status, body: response } = await dispatcher.request({
      origin: target.origin,
      path: target.pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      body,
      signal,
    });
    const pieces = await boundedPieces(response as AsyncIterable<Uint8Array>, longestResponse, tooLarge);
    return { status, text: Buffer.concat(pieces).toString('utf8') };
  };

  /** Rejects with `CodeRunnerError`, or with the reason of an aborted `signal`. */
  const send = async (body: object, { signal, late }: CallSignals) => {
    try {
      return await responseTo(JSON.stringify(body), AbortSignal.any([signal, late]));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CodeRunnerError) throw error;
      throw new CodeRunnerError(late.aborted ? 'the runner did not respond in time.' : 'the runner cannot be reached.');
    }
  };

  /** Undefined if the runner does not know the session any more. Also rejects if a file cannot be read. */
  const attempt = async (
    session: ExternalSession,
    { sessionId, code, files }: CodeRequest,
    signals: CallSignals,
  ): Promise<CodeOutcome | undefined> => {
    const isNewSession = session.placed === undefined;
    const known = session.placed ?? new Set<string>();
    const missing = (await files(isNewSession)).filter(({ id }) => !known.has(id));
    const { sent, notes } = withinLimits(missing);
    const contents = await Promise.all(sent.map(inBase64));
    const body = { session: sessionId, new_session: isNewSession, code, timeout_ms: callMs, files: contents };
    const { status, text } = await send(body, signals);
    if (status === 404 && !isNewSession) {
      session.placed = undefined;
      return undefined;
    }
    if (status !== 200) throw new CodeRunnerError(`the runner returned the status ${status}.`);
    session.placed = new Set([...known, ...missing.map(({ id }) => id)]);
    const outcome = outcomeIn(text);
    return { ...outcome, notes: [...notes, ...outcome.notes], isNewSession };
  };

  const runIn = async (session: ExternalSession, request: CodeRequest, signal: AbortSignal): Promise<CodeOutcome> => {
    signal.throwIfAborted();
    const signals = { signal, late: AbortSignal.timeout(callMs + graceMs) };
    const outcome = (await attempt(session, request, signals)) ?? (await attempt(session, request, signals));
    if (outcome === undefined) throw new CodeRunnerError('the runner does not know its own session.');
    return outcome;
  };

  return {
    name: `the runner at ${target.host}`,
    problem: undefined,
    run: (request, signal) => {
      const session = sessions.get(request.sessionId) ?? { placed: undefined, calls: Promise.resolve() };
      sessions.set(request.sessionId, session);
      const call = session.calls.then(() => runIn(session, request, signal));
      session.calls = call.catch(() => undefined);
      return call;
    },
    close: () => dispatcher.destroy(),
  };
};
