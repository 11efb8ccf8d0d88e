/** In variables, stands for a file that the user chooses when the operation is executed. */
const UPLOAD = '{{upload}}';

/** Thrown if the user closes the dialog. */
export class NoFileChosen extends Error {
  constructor() {
    super('No file was chosen: execute the operation again, and choose one.');
  }
}

/**
 * The names of the variables that are files.
 * @param {unknown} variables
 * @returns {string[]}
 */
export const uploadsIn = (variables) =>
  typeof variables === 'object' && variables !== null
    ? Object.entries(variables).flatMap(([name, value]) => (value === UPLOAD ? [name] : []))
    : [];

/**
 * Asks for a file for each of the variables. Rejects with NoFileChosen.
 * @param {string[]} names
 * @returns {Promise<Map<string, File>>}
 */
export const chooseFiles = async (names) => {
  const files = new Map();
  for (const name of names) files.set(name, await chooseFile());
  return files;
};

/** @returns {Promise<File>} */
const chooseFile = () =>
  new Promise((resolve, reject) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) resolve(file);
      else reject(new NoFileChosen());
    });
    input.addEventListener('cancel', () => reject(new NoFileChosen()));
    input.click();
  });

/**
 * The request as the multipart request specification wants it.
 * @param {{ variables: Record<string, unknown> }} request
 * @param {Map<string, File>} files
 * @param {HeadersInit | undefined} headers
 * @returns {RequestInit}
 */
export const multipart = (request, files, headers) => {
  const names = [...files.keys()];
  const nulls = Object.fromEntries(names.map((name) => [name, null]));
  const form = new FormData();
  form.set('operations', JSON.stringify({ ...request, variables: { ...request.variables, ...nulls } }));
  form.set('map', JSON.stringify(Object.fromEntries(names.map((name) => [name, [`variables.${name}`]]))));
  for (const [name, file] of files) form.set(name, file);
  const own = new Headers(headers);
  // The browser sets it, with the boundary.
  own.delete('content-type');
  own.set('graphql-require-preflight', '1');
  return { headers: own, body: form };
};
