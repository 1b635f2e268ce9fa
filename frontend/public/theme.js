(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('queuecraft.theme') ?? 'system';
  } catch {
    // Storage can be blocked; the system's theme is then used.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
