declare const configuration: {
  readonly mutate: readonly string[];
  readonly thresholds: { readonly high: number; readonly low: number; readonly break: number };
};
export default configuration;
