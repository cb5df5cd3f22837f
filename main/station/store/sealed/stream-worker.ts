import { serveJobs } from './serve-jobs.ts';
import { runStreamJob } from './stream-jobs.ts';

/** The thread of the sealed store that takes what comes in pieces. */
serveJobs(runStreamJob);
