/** A ready-made operation, offered as a tab of GraphiQL that has the operation's name. */
export interface TourStop {
  query: string;
  /**
   * JSON. browser/placeholders.js replaces `{{name}}` by the last value of a field of that name in a response, and
   * browser/uploads.js `{{upload}}` by a file that the user chooses.
   */
  variables: string | null;
  /** The names of the fields in this response that later operations use. */
  gives: readonly string[];
}

/** Variables, each with the placeholder of its own name. */
export const variablesFrom = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(names.map((name) => [name, `{{${name}}}`])), null, 2);
