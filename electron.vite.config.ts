import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import path from 'node:path';

// The lowest Electron we run on: the development runtime, Electron 33 (Chromium 130, Node 20.18). See docs/adr/0002.
const nodeTarget = 'node20.18';
const chromeTarget = 'chrome130';
const here = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      // Everything but electron goes into the bundle, so that the packaged app carries no node_modules for the shell.
      externalizeDeps: false,
      outDir: 'out/main',
      target: nodeTarget,
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: { index: path.join(here, 'main/index.ts') },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload can require nothing but electron: one CommonJS file.
      externalizeDeps: false,
      outDir: 'out/preload',
      target: nodeTarget,
      minify: false,
      sourcemap: false,
      rollupOptions: {
        input: { index: path.join(here, 'preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: path.join(here, 'renderer'),
    plugins: [react()],
    css: { modules: { localsConvention: 'camelCaseOnly' } },
    build: {
      outDir: path.join(here, 'out/renderer'),
      emptyOutDir: true,
      target: chromeTarget,
      minify: true,
      sourcemap: false,
      // The content security policy allows no data: URL; everything is a file of ours.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // Loaded from the disk, not over a network.
      chunkSizeWarningLimit: 4000,
      rollupOptions: { input: { index: path.join(here, 'renderer/index.html') } },
    },
  },
});
