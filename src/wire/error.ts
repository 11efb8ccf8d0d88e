/** The body of every 4xx and 5xx. */
export interface RestErrorBody {
  error: {
    message: string;
    type: string;
    /** Path of the offending parameter, such as `tools[0].type`. */
    param: string | null;
    code: string | null;
  };
}
