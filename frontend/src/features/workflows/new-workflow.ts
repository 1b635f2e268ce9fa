/** The document of a new workflow. Pure. */
import { ApiError } from '@/lib/api-client';
import { writeJson } from '@/lib/json';

/** A map between two nodes: shows ids, needs and references. */
export const exampleDocument = writeJson({
  name: 'Import',
  nodes: [
    { id: 'fetch', payload: { files: ['a', 'b', 'c'] } },
    { id: 'convert', needs: ['fetch'], map: { from: 'fetch.result.payload.files' }, payload: { file: { $from: 'item' } } },
    { id: 'report', needs: ['convert'], payload: { converted: { $from: 'convert.results' } } },
  ],
}, 2);

/** The part of the document that an error is about, as the API names it: “nodes.1.needs.0”. */
export const placeOf = (error: Error | null): string | null => (error instanceof ApiError ? (error.field ?? null) : null);
