/** The name that a `Content-Disposition` gives a file. */
export function fileName(disposition: string, otherwise: string): string {
  return /filename="([^"/\\]+)"/.exec(disposition)?.[1] ?? otherwise;
}

/** Saves a file as the browser saves downloads. */
export function save(blob: Blob, disposition: string, otherwise: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(disposition, otherwise);
  document.body.append(link);
  link.click();
  link.remove();
  // browsers read the file after the click
  setTimeout(() => { URL.revokeObjectURL(url); }, 10_000);
}
