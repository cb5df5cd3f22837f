// Imported first by the process entry: dcmjs binds the console when it is loaded, and logs values of patients.
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) console[method] = () => undefined;
