import { fill, UnknownPlaceholder, remember } from './placeholders.js';
import { chooseFiles, multipart, NoFileChosen, uploadsIn } from './uploads.js';

/** @type {{ query: string, variables: string | null, gives: string[] }[]} */
const tour = JSON.parse(document.querySelector('#tour')?.textContent ?? '[]');

// GraphiQL sends all requests with the page's fetch.
const send = window.fetch.bind(window);
window.fetch = async (input, init) => {
  if (typeof init?.body !== 'string') return send(input, init);
  const request = JSON.parse(init.body);
  try {
    const response = await send(input, { ...init, ...(await filled(request, init.headers)) });
    if (!response.headers.get('content-type')?.includes('json')) return response;
    const text = await response.text();
    remember(JSON.parse(text).data);
    return new Response(text, response);
  } catch (error) {
    if (error instanceof NoFileChosen) return Response.json({ errors: [{ message: error.message }] });
    if (!(error instanceof UnknownPlaceholder)) throw error;
    return Response.json({ errors: [{ message: `${error.message}: ${sourceOf(error.placeholder)}` }] });
  }
};

/**
 * What is sent of a request, with its placeholders replaced and its files chosen.
 * @param {{ variables: Record<string, unknown> }} request
 * @param {HeadersInit | undefined} headers
 * @returns {Promise<RequestInit>}
 */
const filled = async (request, headers) => {
  const uploads = uploadsIn(request.variables);
  const others = Object.entries(request.variables ?? {}).filter(([name]) => !uploads.includes(name));
  const variables = /** @type {Record<string, unknown>} */ (fill(Object.fromEntries(others)));
  if (uploads.length === 0) return { body: JSON.stringify({ ...request, variables }) };
  return multipart({ ...request, variables }, await chooseFiles(uploads), headers);
};

const sourceOf = (/** @type {string} */ name) => {
  const place = tour.findIndex(({ gives }) => gives.includes(name));
  return place < 0
    ? 'no response has had a field of that name.'
    : `execute operation ${place + 1} first, which returns it.`;
};

// A prefix of our own: otherwise the tabs of another GraphiQL from the same host and port would be restored.
const OURS = 'assistants-graphql:';
const ourKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(OURS));
const storage = {
  getItem: (/** @type {string} */ key) => localStorage.getItem(OURS + key),
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => localStorage.setItem(OURS + key, value),
  removeItem: (/** @type {string} */ key) => localStorage.removeItem(OURS + key),
  clear: () => ourKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ourKeys().length;
  },
};

const workers = {
  editorWorkerService: new URL('./editor.worker.js', import.meta.url),
  json: new URL('./json.worker.js', import.meta.url),
  graphql: new URL('./graphql.worker.js', import.meta.url),
};
const getWorkerUrl = (/** @type {string} */ _module, /** @type {keyof typeof workers} */ label) => workers[label].href;
Object.assign(window, { MonacoEnvironment: { getWorkerUrl } });

/** The tabs that GraphiQL stored on an earlier visit; null if there are none or they cannot be parsed. */
const storedTabs = () => {
  try {
    return JSON.parse(storage.getItem('graphiql:tabState') ?? 'null');
  } catch {
    return null;
  }
};

// A link can have an operation in its query string. It opens in a tab, and the address is reset.
const address = new URL(location.href);
const query = address.searchParams.get('query');
const linked = query === null ? null : { query, variables: address.searchParams.get('variables') };
history.replaceState({}, '', address.pathname);

const stored = storedTabs();
// Without the content of the active tab, GraphiQL opens another, empty tab.
const active = linked ?? stored?.tabs?.[stored.activeTabIndex] ?? tour[0];

Reflect.get(window, 'YogaGraphiQL').renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'assistants-graphql',
  logo: `<img src="${new URL('./icon.svg', import.meta.url)}" alt="" width="32" height="32">`,
  storage,
  defaultTabs: linked === null ? tour : [linked, ...tour],
  initialQuery: active.query ?? '',
  initialVariables: active.variables ?? '',
  initialHeaders: active.headers ?? '',
  // Also for subscriptions, which would otherwise be GET requests with variables in the URL.
  method: 'POST',
  // Without this, every change of the operation would be written into the address.
  onEditQuery: () => {},
});
