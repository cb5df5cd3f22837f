export { arriving } from './arriving.ts';
export { CapturesView } from './captures-view.ts';
export { DockingsView } from './dockings-view.ts';
export { worklistItemView } from './patient.ts';
export { reviewRows } from './review-view.ts';
