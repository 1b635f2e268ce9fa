import './styles/index.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';

import { router } from './app/router';
import { Toasts } from './components/toasts';
import { meKey } from './features/session/api/get-me';
import { session } from './lib/api-client';
import { queryClient } from './lib/query-client';

// An answer 401 anywhere ends the session here too; the guard then shows the log-in.
session.whenLost(() => {
  if (queryClient.getQueryData(meKey)) queryClient.setQueryData(meKey, null);
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
