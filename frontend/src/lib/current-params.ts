/** The parameters in the address bar now; what a page was rendered with can be a click behind. */
export function currentParams(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}

/** Where the new-job dialog opens: over the list as it is filtered now, else by `link` over the whole of it. */
export function newJobPath(link: (to: string) => string, task = ''): string {
  if (window.location.pathname !== '/') return link(`/?new=${encodeURIComponent(task)}`);
  const params = currentParams();
  params.set('new', task);
  return `/?${params.toString()}`;
}
