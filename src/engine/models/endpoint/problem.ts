import { isObject, type JsonObject, objectIn, objectsIn, textIn } from './json.ts';

/** What an endpoint says is wrong, in the many forms in which endpoints say it. */
export interface Problem {
  /** Of the response, or of an error within a stream if it has one. */
  status: number | undefined;
  message: string;
  code: string;
  /** The parameter at fault; empty if it is not named. */
  param: string;
  /** Message, code, type and parameter, to search for words. */
  text: string;
  isWebPage: boolean;
}

/** Characters of a message that are passed on. */
const longestMessage = 500;

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longestMessage ? line : `${line.slice(0, longestMessage)}…`;
};

/** FastAPI's form: `{"detail": "…"}` or `{"detail": [{"loc": ["body", "stream"], "msg": "…"}]}`. */
const detailIn = (body: JsonObject): string | undefined => {
  const problems = objectsIn(body, 'detail').map((each) => {
    const { loc } = each;
    return `${Array.isArray(loc) ? loc.join('.') : ''}: ${textIn(each, 'msg') ?? ''}`;
  });
  return textIn(body, 'detail') ?? (problems.length === 0 ? undefined : problems.join('; '));
};

/** An HTTP status of an error, which some servers send as text. Vendors have codes of their own in the same place. */
const statusIn = (error: JsonObject, name: string): number | undefined => {
  const value = Number(error[name] ?? Number.NaN);
  return Number.isInteger(value) && value >= 400 && value <= 599 ? value : undefined;
};

const codeIn = (error: JsonObject): string => textIn(error, 'code') ?? textIn(error, 'type') ?? '';

const ofObject = (body: JsonObject, status: number | undefined): Problem => {
  const nested = objectIn(body, 'error');
  const error = 'error' in body && isObject(body['error']) ? nested : body;
  const message =
    textIn(error, 'message') ??
    textIn(body, 'error') ??
    textIn(body, 'message') ??
    detailIn(body) ??
    detailIn(objectIn(error, 'message')) ??
    '';
  const code = codeIn(error);
  const param = textIn(error, 'param') ?? '';
  return {
    status: statusIn(error, 'code') ?? statusIn(error, 'status') ?? statusIn(error, 'status_code') ?? status,
    message: shortened(message),
    code,
    param,
    text: [message, code, textIn(error, 'type') ?? '', param].join(' '),
    isWebPage: false,
  };
};

const pageTitle = (html: string): string => /<title[^>]*>([^<]*)/i.exec(html)?.[1] ?? '';

/** Reads an error that came within a stream. */
export const streamedProblem = (event: JsonObject, status?: number): Problem => ofObject(event, status);

/** Reads the body of an error response. The texts may hold secrets: `Endpoint.cleaned` removes them. */
export const problemIn = (status: number, text: string): Problem => {
  if (/^\s*</.test(text)) {
    const title = shortened(pageTitle(text));
    return { status, message: title, code: '', param: '', text: title, isWebPage: true };
  }
  try {
    const parsed: unknown = JSON.parse(text);
    const [first] = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
    if (isObject(first)) return { ...ofObject(first, status), status };
  } catch {
    // Plain text, or JSON that was cut.
  }
  return { status, message: shortened(text), code: '', param: '', text, isWebPage: false };
};
