import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

/** Asks for a fresh link, since each expires, and has the browser download the file. */
export function useOpenFile() {
  return useMutation({
    mutationFn: async (id: string) => (await api.get('/operations/{id}', { path: { id } })).operation.file,
    onSuccess: (file) => { if (file) window.location.assign(file.url); },
    onError: toasts.error,
  });
}
