import type { ReactNode } from 'react';
import { Link } from 'react-router';

import type { Operation } from '@/types';

import { useOperation } from '../api/list-operations';
import { OperationButtons, OperationState } from './operation-state';

/** An operation that a dialog started, until it has ended. */
export function OperationProgress({ operation, children }: { operation: Operation; children: ReactNode }) {
  const { data: current = operation } = useOperation(operation._id);
  return (
    <div className="flex flex-col gap-3">
      <p>{children} You may close this; it is listed under <Link to="/operations" className="font-medium text-accent hover:underline">Operations</Link>.</p>
      <OperationState operation={current} />
      <div className="flex"><OperationButtons operation={current} /></div>
    </div>
  );
}
