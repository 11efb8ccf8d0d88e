import type { GraphqlAnswer } from '../support/server.ts';
import type { UpstreamCall } from '../support/upstream.ts';

export const createFile = (selection: string) =>
  `mutation ($file: Upload!) { createFile(input: { file: $file, purpose: ASSISTANTS }) { file { ${selection} } } }`;

/** A form by the multipart request specification. `files` has the name and the content of each part by the name of the part. */
export const formOf = (
  operations: unknown,
  map: unknown,
  files: Readonly<Record<string, readonly [filename: string, content: string | Buffer<ArrayBuffer>]>>,
): FormData => {
  const form = new FormData();
  form.set('operations', JSON.stringify(operations));
  form.set('map', JSON.stringify(map));
  for (const [name, [filename, content]] of Object.entries(files)) form.append(name, new Blob([content]), filename);
  return form;
};

interface OneVariable {
  query: string;
  /** The variable that is the file; `file` by default. */
  variable?: string;
  /** One file, by its name. */
  files: Readonly<Record<string, string | Buffer<ArrayBuffer>>>;
}

const isForm = (sent: FormData | OneVariable): sent is FormData => sent instanceof FormData;

export const send = (url: string, body: BodyInit, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    body,
    headers: { accept: 'application/json', 'graphql-require-preflight': '1', ...headers },
  });

export const upload = async <Data = Record<string, unknown>>(
  url: string,
  sent: FormData | OneVariable,
): Promise<GraphqlAnswer<Data>> => {
  const response = await send(url, isForm(sent) ? sent : formOfOne(sent));
  return JSON.parse(await response.text());
};

const formOfOne = ({ query, variable = 'file', files }: OneVariable) => {
  const [[filename, content] = ['', '']] = Object.entries(files);
  return formOf(
    { query, variables: { [variable]: null } },
    { 0: [`variables.${variable}`] },
    { 0: [filename, content] },
  );
};

/** The parts of a form that the upstream got, as texts. */
export const partsIn = (call: UpstreamCall | undefined) => {
  const boundary = /boundary=(.+)$/.exec(call?.headers['content-type'] ?? '')?.[1] ?? '';
  return String(call?.body)
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const end = part.indexOf('\r\n\r\n');
      const head = part.slice(0, end);
      return {
        name: / name="([^"]*)"/.exec(head)?.[1],
        filename: / filename="([^"]*)"/.exec(head)?.[1],
        content: part.slice(end + 4, -2),
      };
    });
};
