export { type BackupOptions, backup, readBackupPassphrase } from "./backup.ts";
export { claim, forget, readMarker } from "./marker.ts";
export { migrate } from "./migrate.ts";
export { restore } from "./restore.ts";
