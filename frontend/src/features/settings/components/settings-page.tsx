import type { ComponentType } from 'react';
import { LogOut } from 'lucide-react';
import { Navigate, NavLink, useParams } from 'react-router';

import { Button } from '@/components/button';
import { Page } from '@/components/page';
import { useLogout } from '@/features/session/api/logout';
import { isAdmin, useCaller } from '@/features/session/use-caller';
import { cx } from '@/lib/cx';

import { AuditList } from './audit-list';
import { DeleteSection } from './delete-section';
import { KeyList } from './key-list';
import { MemberList } from './member-list';
import { NotificationForm } from './notification-form';
import { Outbox } from './outbox';
import { PasswordForm } from './password-form';
import { ProfileForm } from './profile-form';
import { RedactionForm } from './redaction-form';
import { SessionList } from './session-list';
import { ThemePicker } from './theme-picker';
import { WebhookList } from './webhook-list';
import { WorkspaceForm } from './workspace-form';

const Profile = () => (
  <div className="flex flex-col gap-4">
    <ProfileForm />
    <DeleteSection what="account" hint="Your name, as above">Your jobs, sessions, keys and mails are deleted. Schedules pass to the workspace.</DeleteSection>
  </div>
);

const Workspace = () => (
  <div className="flex flex-col gap-4">
    <WorkspaceForm />
    <RedactionForm />
    <DeleteSection what="workspace" hint="The workspace’s name">All members, jobs and data of the workspace are deleted.</DeleteSection>
  </div>
);

const tabs: Record<string, { label: string; panel: ComponentType }> = {
  profile: { label: 'Profile', panel: Profile },
  password: { label: 'Password', panel: PasswordForm },
  sessions: { label: 'Sessions', panel: SessionList },
  notifications: { label: 'Notifications', panel: NotificationForm },
  members: { label: 'Members', panel: MemberList },
  keys: { label: 'API keys', panel: KeyList },
  webhooks: { label: 'Webhooks', panel: WebhookList },
  workspace: { label: 'Workspace', panel: Workspace },
  audit: { label: 'Audit log', panel: AuditList },
  outbox: { label: 'Outbox', panel: Outbox },
  theme: { label: 'Theme', panel: ThemePicker },
};

const ofAdmins = new Set(['members', 'keys', 'webhooks', 'workspace', 'audit']);
const ofOperators = new Set(['outbox']);

export function Component() {
  const { tab = 'profile' } = useParams();
  const logout = useLogout();
  const { role } = useCaller();
  const admin = isAdmin(role);
  const offered = Object.entries(tabs).filter(([name]) => (admin || !ofAdmins.has(name)) && (role === 'operator' || !ofOperators.has(name)));
  const panel = offered.find(([name]) => name === tab)?.[1].panel;
  if (!panel) return <Navigate to="/settings" replace />;
  const Panel = panel;
  return (
    <Page title="Settings" actions={<Button icon={<LogOut />} className="md:hidden" onClick={() => { logout.mutate(); }}>Log out</Button>}>
      <div className="grid items-start gap-4 md:grid-cols-[11rem_minmax(0,44rem)]">
        <nav aria-label="Settings" className="flex gap-1 overflow-x-auto p-0.5 md:flex-col">
          {offered.map(([name, { label }]) => (
            <NavLink key={name} to={`/settings/${name}`} className={cx('shrink-0 rounded-lg px-3 py-2 font-medium', name === tab ? 'bg-hover text-ink ring-1 ring-line ring-inset' : 'text-ink-2 hover:bg-hover hover:text-ink')} aria-current={name === tab ? 'page' : undefined}>{label}</NavLink>
          ))}
        </nav>
        <Panel />
      </div>
    </Page>
  );
}
