import type { RestAnnotation, RestMessage, RestMessageContent } from '../../wire/message.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { ChatAnnotation } from '../models/delta.ts';
import { citationsIn } from './citations.ts';
import { endMessage } from './runEnding.ts';
import type { RunTransaction } from './runTransaction.ts';
import { begunStep, type Turn } from './turn.ts';
import { noUsage } from './usage.ts';

const newMessage = ({ record: { run } }: RunTransaction): RestMessage => ({
  id: newId('msg'),
  object: 'thread.message',
  created_at: unixSeconds(),
  thread_id: run.thread_id,
  status: 'in_progress',
  incomplete_details: null,
  completed_at: null,
  incomplete_at: null,
  role: 'assistant',
  content: [],
  assistant_id: run.assistant_id,
  run_id: run.id,
  attachments: [],
  metadata: {},
});

/** Begins a message of a turn, with the images that its tools made, and the step that creates it. */
export const beginMessage = (turn: Turn, transaction: RunTransaction): RestMessage => {
  const message = newMessage(transaction);
  turn.message = message;
  turn.hasMessage = true;
  turn.step = begunStep(transaction, {
    type: 'message_creation',
    message_creation: { message_id: message.id },
  });
  transaction.recordMessage('created', message);
  transaction.recordMessage('in_progress', message);
  for (const [index, fileId] of turn.tools.images.entries()) addImage(turn, index, fileId, transaction);
  turn.tools = { ...turn.tools, images: [] };
  return turn.message;
};

/** Changes the part of the open message at `index`, and emits the delta. */
const changePart = (
  turn: Turn,
  transaction: RunTransaction,
  { message, index, part, delta }: { message: RestMessage; index: number; part: RestMessageContent; delta: object },
) => {
  turn.message = { ...message, content: message.content.toSpliced(index, 1, part) };
  transaction.updateMessage(turn.message);
  transaction.emit('thread.message.delta', {
    id: message.id,
    object: 'thread.message.delta',
    delta: { content: [{ index, type: part.type, ...delta }] },
  });
};

const addImage = (turn: Turn, index: number, fileId: string, transaction: RunTransaction) => {
  if (turn.message === undefined) return;
  const image = { file_id: fileId };
  const part = { type: 'image_file', image_file: image } as const;
  changePart(turn, transaction, { message: turn.message, index, part, delta: { image_file: image } });
};

/** Appends text to the open message, or to a new one. */
export const writeText = (turn: Turn, value: string, transaction: RunTransaction): void => {
  const message = turn.message ?? beginMessage(turn, transaction);
  turn.text += value;
  const last = message.content.at(-1);
  const isNew = last?.type !== 'text';
  const text = isNew ? { value, annotations: [] } : { ...last.text, value: last.text.value + value };
  changePart(turn, transaction, {
    message,
    index: isNew ? message.content.length : message.content.length - 1,
    part: { type: 'text', text },
    delta: { text: { value, ...(isNew && { annotations: [] }) } },
  });
  cite(turn, { searched: text.value.length - value.length, isComplete: false }, transaction);
};

/** Appends to the refusal of the open message, or of a new one. */
export const writeRefusal = (turn: Turn, refusal: string, transaction: RunTransaction): void => {
  const message = turn.message ?? beginMessage(turn, transaction);
  turn.text += refusal;
  const last = message.content.at(-1);
  const isNew = last?.type !== 'refusal';
  changePart(turn, transaction, {
    message,
    index: isNew ? message.content.length : message.content.length - 1,
    part: { type: 'refusal', refusal: isNew ? refusal : last.refusal + refusal },
    delta: { refusal },
  });
};

const annotationOf = (annotation: ChatAnnotation): RestAnnotation => {
  const { text, startIndex, endIndex, fileId } = annotation;
  const place = { text, start_index: startIndex, end_index: endIndex };
  return annotation.type === 'file_citation'
    ? { type: 'file_citation', ...place, file_citation: { file_id: fileId } }
    : { type: 'file_path', ...place, file_path: { file_id: fileId } };
};

/** Adds a citation to the text of the open message. Has no effect if there is no text. */
export const annotate = (turn: Turn, annotation: ChatAnnotation, transaction: RunTransaction): void =>
  addAnnotation(turn, annotationOf(annotation), transaction);

const addAnnotation = (turn: Turn, added: RestAnnotation, transaction: RunTransaction) => {
  const { message } = turn;
  const index = message?.content.findLastIndex(({ type }) => type === 'text') ?? -1;
  const part = message?.content[index];
  if (message === undefined || part?.type !== 'text') return;
  const { annotations } = part.text;
  changePart(turn, transaction, {
    message,
    index,
    part: { ...part, text: { ...part.text, annotations: [...annotations, added] } },
    delta: { text: { annotations: [{ index: annotations.length, ...added }] } },
  });
};

/** Annotates what the text of the open message cites of the results of the engine's own tools. */
const cite = (turn: Turn, progress: { searched: number; isComplete: boolean }, transaction: RunTransaction) => {
  const part = turn.message?.content.findLast(({ type }) => type === 'text');
  if (part?.type !== 'text') return;
  for (const found of citationsIn(turn.tools.citations, { ...part.text, ...progress })) {
    addAnnotation(turn, found, transaction);
  }
};

/** Annotates the last citation of the open message, whose text is complete. */
export const endCitations = (turn: Turn, transaction: RunTransaction): void => {
  const part = turn.message?.content.findLast(({ type }) => type === 'text');
  if (part?.type !== 'text') return;
  cite(turn, { searched: part.text.value.length, isComplete: true }, transaction);
};

/** Completes the open message before calls begin. The usage of the turn is that of the last step. */
export const endText = (turn: Turn, transaction: RunTransaction): void => {
  endCitations(turn, transaction);
  const { message, step } = turn;
  if (message === undefined || step === undefined) return;
  const now = unixSeconds();
  endMessage(transaction, message, undefined, now);
  transaction.recordStep('completed', { ...step, status: 'completed', completed_at: now, usage: noUsage });
  turn.message = undefined;
  turn.step = undefined;
};
