/** The arguments that a model wrote, as JSON; null where they are not, which nothing keeps a model from. */
export const parsedArgumentsOf = (text: string | null | undefined): unknown => {
  if (text == null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
