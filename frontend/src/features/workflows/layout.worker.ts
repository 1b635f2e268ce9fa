/** Lays graphs out beside the page, which stays usable meanwhile. */
import type { Needs } from './graph';
import { layOut } from './layout';

export interface LayoutRequest {
  nodes: Needs[];
  down: boolean;
}

self.onmessage = ({ data }: MessageEvent<LayoutRequest>): void => {
  self.postMessage(layOut(data.nodes, data.down));
};
