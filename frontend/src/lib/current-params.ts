/** The parameters in the address bar now; what a page was rendered with can be a click behind. */
export function currentParams(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}
