export { ConfigError, loadConfig, loadHeaders, parseConfig } from './config.ts';
export type { Policy, StationConfig } from './config.ts';
