/** Sizes of payloads and results that are too large to be shown. Pure. */
const KB = 1024;

/** In KB, or in MB with one digit behind the point. */
export function formatBytes(bytes: number): string {
  return bytes < KB * KB ? `${String(Math.round(bytes / KB))} KB` : `${(bytes / KB / KB).toFixed(1)} MB`;
}
