import { threadMessageLimit } from '../messages.ts';
import { type Candidate, problemWith } from './candidate.ts';
import type { ImportTarget } from './importTarget.ts';
import type { ImportParent } from './kind.ts';
import { placeholderOf } from './rows.ts';

/** Leaves out objects without a parent. A missing thread is created: dumps of messages often lack it. */
export const checkParents = async (
  target: ImportTarget,
  { table, member, noun }: ImportParent,
  fresh: Map<string, Candidate>,
): Promise<void> => {
  const children = new Map<string, [key: string, candidate: Candidate][]>();
  for (const child of fresh) {
    const parentId = String(child[1].object[member]);
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [child]);
    else siblings.push(child);
  }
  const parents = await target.imports.existing(table, [...children.keys()]);
  for (const [parentId, siblings] of children) {
    const owner = parents.get(parentId);
    if (owner?.isOwn === true) continue;
    if (owner === undefined && table === 'threads') {
      const placeholder = placeholderOf(
        parentId,
        siblings.map(([, { object }]) => object),
      );
      await target.imports.insert('threads', [placeholder]);
      continue;
    }
    const problem =
      owner === undefined
        ? `but there is no ${noun} ${parentId}; import it before`
        : `but the ${noun} ${parentId} belongs to another tenant`;
    for (const [key, candidate] of siblings) {
      candidate.outcome = problemWith(candidate, problem);
      fresh.delete(key);
    }
  }
};

const threadOf = ({ object }: Candidate) => String(object['thread_id']);

/** Leaves out messages of threads that hold as many as they can. */
export const checkRoom = async (target: ImportTarget, fresh: Map<string, Candidate>): Promise<void> => {
  const counts = await target.imports.messageCounts([...new Set([...fresh.values()].map(threadOf))]);
  for (const candidate of fresh.values()) {
    const threadId = threadOf(candidate);
    const count = (counts.get(threadId) ?? 0) + 1;
    counts.set(threadId, count);
    if (count <= threadMessageLimit) continue;
    candidate.outcome = problemWith(candidate, `but thread ${threadId} holds ${threadMessageLimit} messages already`);
    fresh.delete(candidate.object.id);
  }
};
