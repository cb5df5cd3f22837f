import { useSyncExternalStore } from 'react';

/** A value outside React that components can watch: for what arrives by events, not by calls. */
export interface SmallStore<T> {
  get(): T;
  set(value: T): void;
  use(): T;
}

export function smallStore<T>(first: T): SmallStore<T> {
  let value = first;
  const watchers = new Set<() => void>();
  function subscribe(watcher: () => void): () => void {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }
  function get(): T {
    return value;
  }
  return {
    get,
    set(next) {
      value = next;
      for (const watcher of watchers) watcher();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
