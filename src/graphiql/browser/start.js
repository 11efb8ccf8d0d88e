import { fill, NotKnownYet, remember } from './placeholders.js';

/** @type {{ query: string, variables: string | null, gives: string[] }[]} */
const tour = JSON.parse(document.querySelector('#tour')?.textContent ?? '[]');

// GraphiQL sends everything through the page's fetch.
const send = window.fetch.bind(window);
window.fetch = async (input, init) => {
  if (typeof init?.body !== 'string') return send(input, init);
  const request = JSON.parse(init.body);
  try {
    const variables = fill(request.variables);
    const response = await send(input, { ...init, body: JSON.stringify({ ...request, variables }) });
    if (!response.headers.get('content-type')?.includes('json')) return response;
    const text = await response.text();
    remember(JSON.parse(text).data);
    return new Response(text, response);
  } catch (error) {
    if (!(error instanceof NotKnownYet)) throw error;
    return Response.json({ errors: [{ message: `${error.message}: ${whoGives(error.placeholder)}` }] });
  }
};

const whoGives = (/** @type {string} */ name) => {
  const place = tour.findIndex(({ gives }) => gives.includes(name));
  return place < 0
    ? 'no answer so far has had a field of that name.'
    : `execute operation ${place + 1} first, whose answer has it.`;
};

// Kept apart from any other GraphiQL that was ever served from this host and port, whose tabs would hide ours.
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

/** What GraphiQL stored on an earlier visit; null on the first, or if it cannot be read. */
const storedTabs = () => {
  try {
    return JSON.parse(storage.getItem('graphiql:tabState') ?? 'null');
  } catch {
    return null;
  }
};

// A link may carry an operation. It opens as a tab, and the address goes back to the page's own.
const address = new URL(location.href);
const query = address.searchParams.get('query');
const linked = query === null ? null : { query, variables: address.searchParams.get('variables') };
history.replaceState({}, '', address.pathname);

const stored = storedTabs();
// GraphiQL opens a further, empty tab unless it is told what the active one holds.
const active = linked ?? stored?.tabs?.[stored.activeTabIndex] ?? tour[0];

Reflect.get(window, 'YogaGraphiQL').renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'assistants-graphql',
  logo: `<img src="${new URL('./icon.svg', import.meta.url)}" alt="" width="32" height="32">`,
  storage,
  defaultTabs: linked === null ? tour : [linked, ...tour],
  initialQuery: active.query ?? '',
  initialVariables: active.variables ?? '',
  initialHeaders: active.headers ?? '',
  // Subscriptions too: they would otherwise go by GET, with their variables in the address.
  method: 'POST',
  // Without this every key typed would be written into the address.
  onEditQuery: () => {},
});
