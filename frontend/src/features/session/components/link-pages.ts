/** The pages that mails link to, and the one that asks for such a mail: seldom opened, so one chunk for all. */
export { Component as ForgotPassword } from './forgot-password-page';
export { Component as Join } from './join-page';
export { Component as ResetPassword } from './reset-password-page';
export { Component as Unsubscribe } from './unsubscribe-page';
