import type { Listener, LoadBalancer } from '../../state/model.ts';
import type { Reply } from '../action.ts';
import { tagList } from '../formats.ts';

/** Settings that stand directly in an entry of DescribeLoadBalancerListeners; the others are in its config. */
const COMMON = [
  'AclId',
  'AclStatus',
  'AclType',
  'BackendServerPort',
  'Bandwidth',
  'Description',
  'Scheduler',
  'VServerGroupId',
] as const;

/** The answer of DescribeLoadBalancerHTTPSListenerAttribute. */
export function describeHttpsListener(
  loadBalancer: LoadBalancer,
  listener: Listener,
  simulatorEndpoint: string | undefined,
): Reply {
  return {
    ...describe(loadBalancer, listener, simulatorEndpoint),
    DomainExtensions: { DomainExtension: [] },
    ...unsettable,
  };
}

/** The answer of DescribeLoadBalancerHTTPListenerAttribute. */
export function describeHttpListener(
  loadBalancer: LoadBalancer,
  listener: Listener,
  simulatorEndpoint: string | undefined,
): Reply {
  return describe(loadBalancer, listener, simulatorEndpoint);
}

/** One entry of DescribeLoadBalancerListeners. */
export function listListener(loadBalancer: LoadBalancer, listener: Listener): Reply {
  const common = Object.fromEntries(
    COMMON.flatMap((name) =>
      listener.settings[name] === undefined ? [] : [[name, listener.settings[name]]],
    ),
  );
  const config = Object.fromEntries(
    Object.entries(listener.settings).filter(([name]) => !(COMMON as readonly string[]).includes(name)),
  );
  return {
    LoadBalancerId: loadBalancer.id,
    ListenerPort: listener.port,
    ListenerProtocol: listener.protocol,
    Status: listener.status,
    ...common,
    ...(listener.protocol === 'https'
      ? { HTTPSListenerConfig: { ...config, ...unsettable } }
      : { HTTPListenerConfig: config }),
    Tags: tagList(listener.tags).Tag,
  };
}

/** Shown by Describe, but no action of this API can turn them on. */
const unsettable = {
  XForwardedFor_ClientCertSubjectDN: 'off',
  XForwardedFor_ClientCertIssuerDN: 'off',
  XForwardedFor_ClientCertFingerprint: 'off',
  XForwardedFor_ClientCertClientVerify: 'off',
};

function describe(
  loadBalancer: LoadBalancer,
  listener: Listener,
  simulatorEndpoint: string | undefined,
): Record<string, unknown> {
  return {
    LoadBalancerId: loadBalancer.id,
    ListenerPort: listener.port,
    Status: listener.status,
    SecurityStatus: 'off',
    Description: `${listener.protocol}_${listener.port}`,
    ...listener.settings,
    AclIds: { AclId: [] },
    Rules: { Rule: [] },
    Tags: tagList(listener.tags),
    // Ours, and only when the port of the load balancer could not be had on this machine.
    ...(simulatorEndpoint === undefined ? {} : { SimulatorEndpoint: simulatorEndpoint }),
  };
}
