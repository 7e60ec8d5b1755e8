/**
 * Deployments that programs know by name. None is public, so the list is empty; `npm run build:sdk -- --deployment FILE` fills the
 * list of the package that it builds.
 */
export const ADDRESSES: readonly unknown[] = [];
