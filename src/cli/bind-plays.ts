import type { Host } from '../core/host.ts';
import type { Play } from '../playbook/play.ts';
import type { BoundResource } from '../resources/bound.ts';
import { bind } from '../resources/bound.ts';
import { enginePropertiesResource } from '../resources/engine-properties.ts';
import { packageResource } from '../resources/package.ts';
import { serviceResource } from '../resources/service.ts';
import { vdsmHookResource } from '../resources/vdsm-hook.ts';
import type { RunPlay } from '../run/run.ts';

/** Ties what a play declares to the resources that keep it, in the order in which a host is changed. */
export function bindPlay(play: Play, hosts: readonly Host[], become: boolean): RunPlay {
  return {
    name: play.name,
    hosts,
    become: become || play.become,
    maxFailPercentage: play.maxFailPercentage,
    resources: bindResources(play),
  };
}

function bindResources(play: Play): BoundResource[] {
  return [
    ...(play.packages.length > 0 ? [bind(packageResource, play.packages)] : []),
    ...(play.vdsmHooks.length > 0 ? [bind(vdsmHookResource, play.vdsmHooks)] : []),
    ...(play.services.length > 0 ? [bind(serviceResource, play.services)] : []),
    ...(play.engine
      ? [
          bind(enginePropertiesResource, {
            ...play.engine.properties,
            healthUrl: play.engine.healthUrl,
            healthTimeoutSeconds: play.engine.healthTimeoutSeconds,
          }),
        ]
      : []),
  ];
}
