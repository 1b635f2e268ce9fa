import './styles/index.css';
// Each page follows a change of the system's theme.
import './features/theme/theme';

import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';

import { router } from './app/router';
import { HeldSecrets } from './components/held-secrets';
import { Toasts } from './components/toasts';
import { followTabs, lost, renew } from './features/session/identity';
import { session } from './lib/api-client';
import { keepFocus } from './lib/keep-focus';
import { queryClient } from './lib/query-client';

session.whenLost((code) => { lost(queryClient, code); });
session.renewBy(() => renew(queryClient));
followTabs(queryClient);
keepFocus();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <HeldSecrets />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
