import { runSealedJob } from './jobs.ts';
import { serveJobs } from './serve-jobs.ts';

/** One thread of the sealed store, for files. */
serveJobs(runSealedJob);
