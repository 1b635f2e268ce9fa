import { Link, useNavigate } from 'react-router';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { useScopedLink } from '@/features/session/use-scope';
import type { Job } from '@/types';

import { useWorkflow } from '../api/get-workflow';
import { pathOfNode, successorOf } from '../successor';
import { ConfirmRetry } from './workflow-actions';

type Part = NonNullable<Job['workflow']>;

interface RetryNodeDialogProps {
  job: Pick<Job, '_id' | 'name'> & { workflow: Part };
  onClose: () => void;
}

/** Runs the node of a failed job again by a retry of its workflow, and goes to the job that the node then has. */
export default function RetryNodeDialog({ job, onClose }: RetryNodeDialogProps) {
  const workflow = useWorkflow(job.workflow._id);
  const navigate = useNavigate();
  const to = useScopedLink();
  const next = workflow.data && successorOf(job, workflow.data);
  if (workflow.data && !next) {
    return <ConfirmRetry workflow={workflow.data} node={job.workflow.node} onClose={onClose} onRetried={(after) => { void navigate(to(pathOfNode(job.workflow, after))); }} />;
  }
  return (
    <Dialog title={`Retry ${job.name} in its workflow`} onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
      {workflow.data ? <p>This node was retried since, and <Link to={to(pathOfNode(job.workflow, workflow.data))} className="text-accent hover:underline">has a newer job</Link>.</p> : null}
      {!workflow.data && !workflow.error ? <p role="status" className="skeleton h-5 w-56"><span className="sr-only">Loading</span></p> : null}
      <FormError error={workflow.data ? null : workflow.error} />
    </Dialog>
  );
}
