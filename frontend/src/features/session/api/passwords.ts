import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

/** The answer is the same whether or not the address has an account. */
export function useForgotPassword() {
  return useMutation({ mutationFn: (email: string) => api.post('/password/forgot', { body: { email } }) });
}

export function useResetByLink() {
  return useMutation({ mutationFn: (body: { token: string; newPassword: string }) => api.post('/password/reset', { body }) });
}
