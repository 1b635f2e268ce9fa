import { formatBytes } from '../large-value';

interface Props {
  what: 'payload' | 'result';
  bytes: number | null | undefined;
  url: string | null | undefined;
  /** Whether some of its values are shown to nobody: then there is no link to it. */
  redacted: boolean;
}

const why = (url: Props['url'], redacted: boolean): string => {
  if (url) return 'is too large to be shown';
  return redacted ? 'is too large to be shown, and cannot be downloaded, since values in it are redacted' : 'cannot be read now';
};

/** Stands for a payload or a result that the API does not send with its job. */
export function LargeValue({ what, bytes, url, redacted }: Props) {
  return (
    <p className="px-4 pb-4 text-ink-2">
      {`The ${what} ${why(url, redacted)}`}{bytes ? ` (${formatBytes(bytes)}). ` : '. '}
      {url ? <a href={url} download className="text-accent hover:underline">Download</a> : null}
    </p>
  );
}

/** In place of an editor: what is not here cannot be changed. */
export function KeptPayload() {
  return <p className="text-[0.8125rem] text-ink-2">The payload is too large to be edited here. The job runs with it as it is; the API takes another one.</p>;
}
