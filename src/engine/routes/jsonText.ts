import { turnForText, WORK_PER_TURN } from '../../turns.ts';

/** The body of a response as JSON. The objects of a long list are written in several turns of the event loop. */
export const jsonText = async (body: object): Promise<string> => {
  if (!('data' in body) || !Array.isArray(body.data)) return JSON.stringify(body);
  const [before = '', after = ''] = JSON.stringify({ ...body, data: [] }).split('"data":[]');
  const pieces: string[] = [];
  let length = 0;
  for (const object of body.data) {
    const piece = JSON.stringify(object);
    pieces.push(piece);
    length += piece.length;
    if (length < WORK_PER_TURN) continue;
    await turnForText(length);
    length = 0;
  }
  return `${before}"data":[${pieces.join(',')}]${after}`;
};
