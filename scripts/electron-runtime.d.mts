/** Which Electron runs the window. */
export interface ElectronRuntime {
  readonly kind: 'override' | 'installed' | 'development';
  readonly folder: string;
  readonly file: string;
}
export const developmentElectron: {
  readonly source: string;
  readonly integrity: string;
  readonly version: string;
  readonly recipe: number;
};
export const developmentFolder: string;
export function developmentNotice(): string;
export function findElectron(): ElectronRuntime | undefined;
export function electronPath(): string;
export function provideElectron(): Promise<ElectronRuntime>;
