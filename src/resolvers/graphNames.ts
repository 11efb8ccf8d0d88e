import { ApiError } from '../rest/errors/apiError.ts';

/** Inside these, names are chosen by the client. */
const FREE_FORM = new Set(['metadata', 'attributes', 'parameters', 'schema']);

/** The path of a REST parameter, such as `tool_outputs[0].tool_call_id`, with the names of the graph's inputs. */
const graphPath = (param: string): string => {
  const names = param.split('.');
  const free = names.findIndex((name) => FREE_FORM.has(name));
  return names.map((name, index) => (free === -1 || index <= free ? camelCase(name) : name)).join('.');
};

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** An error of the REST API with the graph's name for the parameter in its message. `upstream.param` keeps the REST name. */
const inGraphNames = (error: unknown): unknown => {
  if (!(error instanceof ApiError) || error.param === null) return error;
  const { call, param } = error;
  const message = error.message.replaceAll(`'${param}'`, `'${graphPath(param)}'`);
  return message === error.message ? error : new ApiError(call, { ...error.upstream, message });
};

/** Carries out a write. If the upstream rejects a parameter, the error uses the name that the parameter has in the graph. */
export const withGraphNames = async <Result>(write: () => Promise<Result>): Promise<Result> => {
  try {
    return await write();
  } catch (error) {
    throw inGraphNames(error);
  }
};
