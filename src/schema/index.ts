import './assistant.ts';
import './assistantWrites.ts';
import './file.ts';
import './fileWrites.ts';
import './message.ts';
import './messageWrites.ts';
import './node.ts';
import './run.ts';
import './runStep.ts';
import './runStreams.ts';
import './runWrites.ts';
import './scalars.ts';
import './thread.ts';
import './threadWrites.ts';
import './upload.ts';
import './upstream.ts';
import './vectorStore.ts';
import './vectorStoreFile.ts';
import './vectorStoreFileWrites.ts';
import './vectorStoreWrites.ts';
import { builder } from './builder.ts';
import { openEnums } from './openEnum.ts';

/** The schema of the graph, without the fields for federation. */
export const createSchema = () => openEnums(builder.toSchema());
