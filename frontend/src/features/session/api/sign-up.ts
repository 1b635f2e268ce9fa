import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export interface NewUser {
  username: string;
  email: string;
  password: string;
}

export function useSignUp() {
  return useMutation({ mutationFn: (user: NewUser) => api.post('/user/create', { body: user }) });
}
